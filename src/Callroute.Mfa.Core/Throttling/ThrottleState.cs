using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Throttling;

/// <summary>What is remembered about the failures of one factor. Every change is a new value.</summary>
internal sealed record ThrottleState : ExtensibleDocument
{
    public static ThrottleState Clean { get; } = new();

    /// <summary>Consecutive failures.</summary>
    public int Failures { get; init; }

    /// <summary>The end of the current wait.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When the budget is full again: the one timestamp of a generic cell rate algorithm (GCRA).</summary>
    public DateTimeOffset? AllowanceFullAt { get; init; }

    public DateTimeOffset? LockedOutAt { get; init; }

    /// <summary>
    /// Brings times that a clock jump has put too far ahead back to the most that the policy could give from now.
    /// Returns the same instance where nothing changes, so that a refusal is written once and not every time.
    /// </summary>
    public ThrottleState Clamp(ThrottleOptions policy, DateTimeOffset now)
    {
        var notBefore = Earlier(NotBefore, now + policy.MaximumWait);
        var allowanceFullAt = Earlier(AllowanceFullAt, now + policy.FailureAllowance * policy.AllowanceRegainInterval);
        return notBefore == NotBefore && allowanceFullAt == AllowanceFullAt ? this : this with { NotBefore = notBefore, AllowanceFullAt = allowanceFullAt };
    }

    /// <summary>How long to wait before the next attempt is looked at; zero where it may be made.</summary>
    public TimeSpan WaitAt(ThrottleOptions policy, DateTimeOffset now)
    {
        var wait = (NotBefore ?? now) - now;
        var budget = (AllowanceFullAt ?? now) - (policy.FailureAllowance - 1) * policy.AllowanceRegainInterval - now;
        var longer = wait > budget ? wait : budget;
        return longer > TimeSpan.Zero ? longer : TimeSpan.Zero;
    }

    public ThrottleState RecordFailure(ThrottleOptions policy, DateTimeOffset now)
    {
        var failures = Failures + 1;
        var wait = policy.WaitAfter(failures);
        var budget = AllowanceFullAt > now ? AllowanceFullAt.Value : now;
        return this with
        {
            Failures = failures,
            NotBefore = wait > TimeSpan.Zero ? now + wait : null,
            AllowanceFullAt = budget + policy.AllowanceRegainInterval,
            LockedOutAt = LockedOutAt ?? (failures >= policy.LockoutThreshold ? now : null),
        };
    }

    /// <summary>A success ends consecutive failures, never the budget.</summary>
    public ThrottleState Succeed() =>
        Failures == 0 && NotBefore is null && LockedOutAt is null ? this : this with { Failures = 0, NotBefore = null, LockedOutAt = null };

    /// <summary>Gives back one failure of the budget.</summary>
    public ThrottleState RefundAllowance(ThrottleOptions policy) => this with { AllowanceFullAt = AllowanceFullAt - policy.AllowanceRegainInterval };

    /// <summary>Gives back the failure that led to <paramref name="failed"/>, with the wait or the suspension that it alone led to.</summary>
    public ThrottleState Refund(ThrottleOptions policy, ThrottleState failed) => RefundAllowance(policy) with
    {
        Failures = Math.Max(Failures - 1, 0),
        NotBefore = NotBefore == failed.NotBefore ? null : NotBefore,
        LockedOutAt = LockedOutAt == failed.LockedOutAt ? null : LockedOutAt,
    };

    private static DateTimeOffset? Earlier(DateTimeOffset? time, DateTimeOffset bound) => time > bound ? bound : time;
}
