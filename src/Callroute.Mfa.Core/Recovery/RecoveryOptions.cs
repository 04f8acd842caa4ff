using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Recovery;

/// <summary>Says how recovery codes are issued.</summary>
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
    /// invalidates the old codes at once. Give every node a new pepper before one of them makes it active.
    /// </value>
    public KeyRing? Peppers { get; set; }

    internal RecoveryOptions Copy() => (RecoveryOptions)MemberwiseClone();
}
