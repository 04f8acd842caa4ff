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
    /// <value>The default is null, no pepper. Keep the keys apart from the store, and old ones while a set uses them: regenerating without the old pepper drops the old codes at once. Give every node a new pepper before one makes it active.</value>
    public KeyRing? Peppers { get; init; }
}
