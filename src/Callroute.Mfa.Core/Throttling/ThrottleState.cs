using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Throttling;

/// <summary>The failures of one factor. Immutable.</summary>
internal sealed record ThrottleState : ExtensibleDocument
{
    public static ThrottleState Clean { get; } = new();

    /// <summary>Consecutive failures.</summary>
    public int Failures { get; init; }

    /// <summary>The end of the current wait.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When the failure allowance is full again: the one timestamp of a generic cell rate algorithm (GCRA).</summary>
    public DateTimeOffset? AllowanceFullAt { get; init; }

    public DateTimeOffset? LockedOutAt { get; init; }

    /// <summary>
    /// A clock jump may have moved the times too far ahead. This limits them to the latest times that the policy could give now. Returns
    /// the same instance if nothing changes, so that a refusal is written once and not every time.
    /// </summary>
    public ThrottleState Clamp(ThrottleOptions policy, DateTimeOffset now)
    {
        var notBefore = Earlier(NotBefore, now + policy.MaximumWait);
        var allowanceFullAt = Earlier(AllowanceFullAt, now + policy.FailureAllowance * policy.AllowanceRegainInterval);
        return notBefore == NotBefore && allowanceFullAt == AllowanceFullAt
            ? this
            : this with { NotBefore = notBefore, AllowanceFullAt = allowanceFullAt };
    }

    /// <returns>How long attempts are still refused without a check; zero if the next attempt is checked.</returns>
    public TimeSpan WaitAt(ThrottleOptions policy, DateTimeOffset now)
    {
        var wait = (NotBefore ?? now) - now;
        var forAllowance = (AllowanceFullAt ?? now) - (policy.FailureAllowance - 1) * policy.AllowanceRegainInterval - now;
        var longer = wait > forAllowance ? wait : forAllowance;
        return longer > TimeSpan.Zero ? longer : TimeSpan.Zero;
    }

    public ThrottleState RecordFailure(ThrottleOptions policy, DateTimeOffset now)
    {
        var failures = Failures + 1;
        var wait = policy.WaitAfter(failures);
        var fullAt = AllowanceFullAt > now ? AllowanceFullAt.Value : now;
        return this with
        {
            Failures = failures,
            NotBefore = wait > TimeSpan.Zero ? now + wait : null,
            AllowanceFullAt = fullAt + policy.AllowanceRegainInterval,
            LockedOutAt = LockedOutAt ?? (failures >= policy.LockoutThreshold ? now : null),
        };
    }

    /// <summary>Resets the consecutive failures. A success does not restore the allowance.</summary>
    public ThrottleState Succeed() =>
        Failures == 0 && NotBefore is null && LockedOutAt is null
            ? this
            : this with { Failures = 0, NotBefore = null, LockedOutAt = null };

    /// <summary>Refunds one failure of the allowance.</summary>
    public ThrottleState RefundAllowance(ThrottleOptions policy) =>
        this with { AllowanceFullAt = AllowanceFullAt - policy.AllowanceRegainInterval };

    /// <summary>
    /// Refunds the failure that led to <paramref name="failed"/>, with the wait or the lockout that only this failure caused.
    /// </summary>
    public ThrottleState Refund(ThrottleOptions policy, ThrottleState failed) => RefundAllowance(policy) with
    {
        Failures = Math.Max(Failures - 1, 0),
        NotBefore = NotBefore == failed.NotBefore ? null : NotBefore,
        LockedOutAt = LockedOutAt == failed.LockedOutAt ? null : LockedOutAt,
    };

    private static DateTimeOffset? Earlier(DateTimeOffset? time, DateTimeOffset bound) => time > bound ? bound : time;
}
