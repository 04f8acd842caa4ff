namespace Callroute.Mfa;

/// <summary>Tells how a factor stands with its throttle.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class FactorStatus
{
    internal FactorStatus(int consecutiveFailures, TimeSpan? retryAfter, bool isLockedOut) =>
        (ConsecutiveFailures, RetryAfter, IsLockedOut) = (consecutiveFailures, retryAfter, isLockedOut);

    /// <summary>Failures since the last success.</summary>
    public int ConsecutiveFailures { get; }

    /// <summary>How long attempts are refused unseen; null where they are looked at.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Whether the factor is suspended until it is bound anew.</summary>
    public bool IsLockedOut { get; }
}
