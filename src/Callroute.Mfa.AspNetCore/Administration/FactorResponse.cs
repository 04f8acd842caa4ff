namespace Callroute.Mfa.AspNetCore;

/// <summary>The waits and lockouts of one factor on one group of devices.</summary>
/// <param name="ConsecutiveFailures">Failures since the last success, unlocking or end of a lockout.</param>
/// <param name="RetryAfterSeconds">How long codes are still refused without a check; null if the next code is checked.</param>
/// <param name="IsLockedOut">Whether the factor is locked out on these devices.</param>
internal sealed record FactorResponse(int ConsecutiveFailures, long? RetryAfterSeconds, bool IsLockedOut)
{
    public static FactorResponse From(FactorStatus factor) => new(
        factor.ConsecutiveFailures,
        factor.RetryAfter is { } wait ? (long)Math.Ceiling(wait.TotalSeconds) : null,
        factor.IsLockedOut);
}
