namespace Callroute.Mfa;

/// <summary>Describes the throttle of one factor.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class FactorStatus
{
    internal FactorStatus(int consecutiveFailures, TimeSpan? retryAfter, bool isLockedOut) =>
        (ConsecutiveFailures, RetryAfter, IsLockedOut) = (consecutiveFailures, retryAfter, isLockedOut);

    /// <summary>Failures since the last success.</summary>
    public int ConsecutiveFailures { get; }

    /// <summary>How long codes are still refused without a check; null if the next code is checked.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Whether the factor is locked out until it is bound again.</summary>
    public bool IsLockedOut { get; }
}
