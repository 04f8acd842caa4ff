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
    public DateTimeOffset? BudgetFullAt { get; init; }

    public DateTimeOffset? LockedOutAt { get; init; }

    /// <summary>
    /// Brings times that a clock jump has put too far ahead back to the most that the policy could give from now.
    /// Returns the same instance where nothing changes, so that a refusal is written once and not every time.
    /// </summary>
    public ThrottleState Clamp(ThrottlePolicy policy, DateTimeOffset now)
    {
        var notBefore = Earlier(NotBefore, now + policy.MaximumWait);
        var budgetFullAt = Earlier(BudgetFullAt, now + policy.BudgetSize * policy.BudgetRefill);
        return notBefore == NotBefore && budgetFullAt == BudgetFullAt ? this : this with { NotBefore = notBefore, BudgetFullAt = budgetFullAt };
    }

    /// <summary>How long to wait before the next attempt is looked at; zero where it may be made.</summary>
    public TimeSpan WaitAt(ThrottlePolicy policy, DateTimeOffset now)
    {
        var wait = (NotBefore ?? now) - now;
        var budget = (BudgetFullAt ?? now) - (policy.BudgetSize - 1) * policy.BudgetRefill - now;
        var longer = wait > budget ? wait : budget;
        return longer > TimeSpan.Zero ? longer : TimeSpan.Zero;
    }

    public ThrottleState Charge(ThrottlePolicy policy, DateTimeOffset now)
    {
        var failures = Failures + 1;
        var wait = policy.WaitAfter(failures);
        var budget = BudgetFullAt > now ? BudgetFullAt.Value : now;
        return this with
        {
            Failures = failures,
            NotBefore = wait > TimeSpan.Zero ? now + wait : null,
            BudgetFullAt = budget + policy.BudgetRefill,
            LockedOutAt = LockedOutAt ?? (failures >= policy.SuspendAt ? now : null),
        };
    }

    /// <summary>A success ends consecutive failures, never the budget.</summary>
    public ThrottleState Succeed() =>
        Failures == 0 && NotBefore is null && LockedOutAt is null ? this : this with { Failures = 0, NotBefore = null, LockedOutAt = null };

    /// <summary>Gives back one failure of the budget.</summary>
    public ThrottleState RefundBudget(ThrottlePolicy policy) => this with { BudgetFullAt = BudgetFullAt - policy.BudgetRefill };

    /// <summary>Gives back the failure that led to <paramref name="charged"/>, with the wait or the suspension that it alone led to.</summary>
    public ThrottleState Refund(ThrottlePolicy policy, ThrottleState charged) => RefundBudget(policy) with
    {
        Failures = Math.Max(Failures - 1, 0),
        NotBefore = NotBefore == charged.NotBefore ? null : NotBefore,
        LockedOutAt = LockedOutAt == charged.LockedOutAt ? null : LockedOutAt,
    };

    private static DateTimeOffset? Earlier(DateTimeOffset? time, DateTimeOffset bound) => time > bound ? bound : time;
}
