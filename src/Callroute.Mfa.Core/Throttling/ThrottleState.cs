using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Throttling;

/// <summary>The failures of one factor on one group of devices. Immutable.</summary>
internal sealed record ThrottleState : ExtensibleDocument
{
    public static ThrottleState Clean { get; } = new();

    /// <summary>Consecutive failures.</summary>
    public int Failures { get; init; }

    /// <summary>The end of the current wait.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When the failure allowance is full again: the one timestamp of a generic cell rate algorithm (GCRA).</summary>
    public DateTimeOffset? AllowanceFullAt { get; init; }

    /// <summary>Whether the event of a used-up allowance was raised since the allowance was last full.</summary>
    public bool IsUsedUpReported { get; init; }

    public DateTimeOffset? LockedOutAt { get; init; }

    public FailedAttempt? LastAttempt { get; init; }

    /// <summary>
    /// The state at this time. A lockout whose time is over has ended. A clock jump may have moved the times too far ahead, so they are
    /// limited to the latest times that the policy could give now. Returns the same instance if nothing changes.
    /// </summary>
    public ThrottleState At(ThrottleOptions policy, TimeSpan? lockoutPeriod, DateTimeOffset now)
    {
        if (now - LockedOutAt >= lockoutPeriod)
        {
            return Unlock().At(policy, lockoutPeriod, now);
        }

        var notBefore = Earlier(NotBefore, now + ThrottleOptions.MaximumWait);
        var allowanceFullAt = Earlier(
            AllowanceFullAt > now ? AllowanceFullAt : null, now + policy.FailureAllowance * policy.AllowanceRegainInterval);
        var isUsedUpReported = IsUsedUpReported && allowanceFullAt is not null;
        var lockedOutAt = Earlier(LockedOutAt, now);
        return (notBefore, allowanceFullAt, isUsedUpReported, lockedOutAt)
            == (NotBefore, AllowanceFullAt, IsUsedUpReported, LockedOutAt)
            ? this
            : this with
            {
                NotBefore = notBefore,
                AllowanceFullAt = allowanceFullAt,
                IsUsedUpReported = isUsedUpReported,
                LockedOutAt = lockedOutAt,
            };
    }

    /// <returns>How long attempts are still refused without a check; zero if the next attempt is checked.</returns>
    public TimeSpan WaitAt(ThrottleOptions policy, DateTimeOffset now)
    {
        var wait = (NotBefore ?? now) - now;
        var forAllowance = WaitForAllowanceAt(policy, now);
        var longer = wait > forAllowance ? wait : forAllowance;
        return longer > TimeSpan.Zero ? longer : TimeSpan.Zero;
    }

    /// <summary>Whether codes are refused for longer than a wait: the factor is locked out, or the allowance is used up.</summary>
    public bool IsClosed(ThrottleOptions policy, DateTimeOffset now) =>
        LockedOutAt is not null || WaitForAllowanceAt(policy, now) > TimeSpan.Zero;

    public ThrottleState RecordFailure(ThrottleOptions policy, AttemptId? attempt, DateTimeOffset now)
    {
        var failures = Failures + 1;
        var wait = policy.WaitAfter(failures);
        var failed = this with
        {
            Failures = failures,
            NotBefore = wait > TimeSpan.Zero ? now + wait : null,
            AllowanceFullAt = (AllowanceFullAt > now ? AllowanceFullAt.Value : now) + policy.AllowanceRegainInterval,
            LockedOutAt = LockedOutAt ?? (failures >= policy.LockoutThreshold ? now : null),
            LastAttempt = attempt is { } id ? FailedAttempt.Count(LastAttempt, id, now) : LastAttempt,
        };
        return failed with { IsUsedUpReported = IsUsedUpReported || failed.WaitForAllowanceAt(policy, now) > TimeSpan.Zero };
    }

    /// <summary>Resets the consecutive failures. Of the allowance, a success gives back only the typing errors of its attempt.</summary>
    /// <param name="policy">The settings.</param>
    /// <param name="attempt">The attempt; null if failures are not given back.</param>
    /// <param name="now">The server's time.</param>
    public ThrottleState Succeed(ThrottleOptions policy, AttemptId? attempt, DateTimeOffset now)
    {
        var refund = attempt is { } id && LastAttempt is not null ? LastAttempt.RefundFor(id, now) : 0;
        var fullAt = AllowanceFullAt - refund * policy.AllowanceRegainInterval;
        return Unlock() with { LastAttempt = null, AllowanceFullAt = fullAt > now ? fullAt : null };
    }

    /// <summary>Ends the wait and the lockout. Gives back nothing of the allowance. Returns the same instance if nothing changes.</summary>
    public ThrottleState Unlock() => Failures == 0 && NotBefore is null && LockedOutAt is null
        ? this
        : this with { Failures = 0, NotBefore = null, LockedOutAt = null };

    /// <summary>
    /// Refunds the failure between two states to the allowance. Removes it from its attempt too, so that it is not given back twice.
    /// </summary>
    public ThrottleState RefundAllowance(ThrottleOptions policy, ThrottleState before, ThrottleState failed) => this with
    {
        AllowanceFullAt = AllowanceFullAt - policy.AllowanceRegainInterval,
        IsUsedUpReported = IsUsedUpReported && (before.IsUsedUpReported || !failed.IsUsedUpReported),
        LastAttempt = ReferenceEquals(before.LastAttempt, failed.LastAttempt)
            ? LastAttempt
            : LastAttempt?.Without(failed.LastAttempt!, before.LastAttempt),
    };

    /// <summary>Refunds the failure between two states, with the wait or the lockout that only this failure caused.</summary>
    public ThrottleState Refund(ThrottleOptions policy, ThrottleState before, ThrottleState failed) =>
        RefundAllowance(policy, before, failed) with
        {
            Failures = Math.Max(Failures - 1, 0),
            NotBefore = NotBefore == failed.NotBefore ? null : NotBefore,
            LockedOutAt = LockedOutAt == failed.LockedOutAt ? null : LockedOutAt,
        };

    private TimeSpan WaitForAllowanceAt(ThrottleOptions policy, DateTimeOffset now) =>
        (AllowanceFullAt ?? now) - (policy.FailureAllowance - 1) * policy.AllowanceRegainInterval - now;

    private static DateTimeOffset? Earlier(DateTimeOffset? time, DateTimeOffset bound) => time > bound ? bound : time;
}
