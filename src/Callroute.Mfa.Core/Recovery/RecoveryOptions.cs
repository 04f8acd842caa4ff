using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Recovery;

/// <summary>Says how recovery codes are issued.</summary>
/// <remarks>Immutable and thread-safe; every property is checked where it is set.</remarks>
public sealed record RecoveryOptions
{
    /// <summary>How many codes a set has.</summary>
    /// <value>1–16; the default is 1.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 1–16.</exception>
    public int Count { get; init => field = Guard.InRange(value, 1, 16, nameof(Count)); } = 1;

    /// <summary>Whether using a code replaces the whole set in the same write (NIST SP 800-63B-4 §4.2.1.1).</summary>
    /// <value>The default is true; with false the code alone is consumed.</value>
    public bool RegenerateOnUse { get; init; } = true;

    /// <summary>The peppers: codes go through HMAC-SHA-256 under the active key before the hash.</summary>
    /// <value>
    /// The default is null, no pepper. Keep the keys apart from the store, and old ones while a set uses them: regenerating without
    /// the old pepper drops the old codes at once. Give every node a new pepper before one makes it active.
    /// </value>
    public KeyRing? Peppers { get; init; }

    /// <summary>How many recovery codes may be hashed at once. Each hash takes memory, 19 MiB by default.</summary>
    /// <value>1–64; the default is the number of processors, at most 4.</value>
    /// <remarks>The bound holds for the process: services with the same three bounds share it.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 1–64.</exception>
    public int HashConcurrency { get; init => field = Guard.InRange(value, 1, 64, nameof(HashConcurrency)); } =
        Math.Min(Environment.ProcessorCount, 4);

    /// <summary>How many callers may wait for a hash. Callers beyond them get the answer Busy at once.</summary>
    /// <value>0–10,000; the default is 32.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 0–10,000.</exception>
    public int HashQueueLength { get; init => field = Guard.InRange(value, 0, 10_000, nameof(HashQueueLength)); } = 32;

    /// <summary>How long a caller waits for a hash to begin before the answer is Busy.</summary>
    /// <value>0–1 min; the default is 2 s.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 0–1 min.</exception>
    public TimeSpan MaximumHashWait
    {
        get;
        init => field = Guard.InRange(value, TimeSpan.Zero, TimeSpan.FromMinutes(1), nameof(MaximumHashWait));
    } = TimeSpan.FromSeconds(2);
}
