using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Recovery;

/// <summary>Holds the settings of recovery codes.</summary>
/// <remarks>Not thread-safe. <see cref="MfaService"/> checks and copies it.</remarks>
public sealed class RecoveryOptions
{
    /// <summary>How many codes a set has.</summary>
    /// <value>1–16; the default is 1.</value>
    public int Count { get; set; } = 1;

    /// <summary>Whether using a code replaces the whole set in the same write (NIST SP 800-63B-4 §4.2.1.1).</summary>
    /// <value>The default is true. When false, only the used code is consumed.</value>
    public bool RegenerateOnUse { get; set; } = true;

    /// <summary>The peppers: a code goes through HMAC-SHA-256 under the active key before it is hashed. Set in code only.</summary>
    /// <value>
    /// The default is null, no pepper. Keep the keys apart from the store. Keep an old key while a set uses it: regenerating without it
    /// invalidates the old codes immediately. Give every node a new pepper before one of them makes it active.
    /// </value>
    public KeyRing? Peppers { get; set; }

    /// <summary>How many recovery codes may be hashed at the same time. Each hash takes memory, 19 MiB by default.</summary>
    /// <value>1–64; the default is the number of processors, at most 4.</value>
    /// <remarks>The limit applies to the process: services with the same three limits share it.</remarks>
    public int HashConcurrency { get; set; } = Math.Min(Environment.ProcessorCount, 4);

    /// <summary>How many users may wait for a hash. Further callers get the answer Busy immediately.</summary>
    /// <value>0–10000; the default is 32.</value>
    public int HashQueueLength { get; set; } = 32;

    /// <summary>
    /// How long a caller waits for a hash to begin before the answer is Busy: first for other requests of the same user, and then again
    /// for a place among all users.
    /// </summary>
    /// <value>0–1 min; the default is 2 s.</value>
    public TimeSpan MaximumHashWait { get; set; } = TimeSpan.FromSeconds(2);

    internal RecoveryOptions Copy() => (RecoveryOptions)MemberwiseClone();
}
