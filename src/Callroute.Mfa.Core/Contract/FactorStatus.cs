namespace Callroute.Mfa;

/// <summary>Describes the throttle of one factor on one group of devices.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class FactorStatus
{
    internal FactorStatus(int consecutiveFailures, TimeSpan? retryAfter, bool isLockedOut) =>
        (ConsecutiveFailures, RetryAfter, IsLockedOut) = (consecutiveFailures, retryAfter, isLockedOut);

    internal static FactorStatus Clean { get; } = new(0, null, false);

    /// <summary>Failures since the last success, unlocking or end of a lockout.</summary>
    public int ConsecutiveFailures { get; }

    /// <summary>
    /// How long codes are still refused without a check; null if the next code is checked, and if a lockout does not end by time.
    /// </summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Whether the factor is locked out on these devices.</summary>
    public bool IsLockedOut { get; }
}
