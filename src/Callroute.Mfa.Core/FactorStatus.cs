namespace Callroute.Mfa;

/// <summary>Tells how a factor stands with its throttle.</summary>
/// <param name="ConsecutiveFailures">Failures since the last success.</param>
/// <param name="RetryAfter">How long attempts are refused unseen; null where they are looked at.</param>
/// <param name="IsSuspended">Whether the factor is suspended until it is bound anew.</param>
public sealed record FactorStatus(int ConsecutiveFailures, TimeSpan? RetryAfter, bool IsSuspended);
