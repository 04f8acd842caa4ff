using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Core.Tests.Model;

/// <summary>The failures of one factor on one group of devices, implemented a second time and as simply as possible.</summary>
/// <param name="policy">The settings.</param>
/// <param name="lockout">How long a lockout lasts; null if it does not end by time.</param>
internal sealed class GroupModel(ThrottleOptions policy, TimeSpan? lockout)
{
    private static readonly DateTimeOffset LongAgo = DateTimeOffset.UnixEpoch;

    private int _failures;
    private DateTimeOffset _notBefore = LongAgo;
    private DateTimeOffset _fullAt = LongAgo;
    private DateTimeOffset? _lockedOutAt;
    private (AttemptId Attempt, DateTimeOffset First, int Failures)? _last;
    private bool _isUsedUpTold;

    /// <summary>How often a failure used up the allowance for the first time since it was full.</summary>
    public int TimesUsedUp { get; private set; }

    public int FailuresAt(DateTimeOffset now) => IsLockoutOver(now) ? 0 : _failures;

    public bool IsLockedOut(DateTimeOffset now) => _lockedOutAt is not null && !IsLockoutOver(now);

    public bool IsLockoutOver(DateTimeOffset now) => now - _lockedOutAt >= lockout;

    /// <summary>Whether codes are refused for longer than a wait.</summary>
    public bool IsClosed(DateTimeOffset now) => IsLockedOut(now) || WaitForAllowance(now) > TimeSpan.Zero;

    /// <returns>How long codes are not checked; null if that does not end by time.</returns>
    public TimeSpan? WaitAt(DateTimeOffset now)
    {
        var forFailures = IsLockoutOver(now) ? TimeSpan.Zero : Earlier(_notBefore, now.AddHours(1)) - now;
        var forLockout = IsLockedOut(now) ? Earlier(_lockedOutAt!.Value, now) + lockout - now : TimeSpan.Zero;
        return forLockout is { } wait ? new[] { forFailures, WaitForAllowance(now), wait, TimeSpan.Zero }.Max() : null;
    }

    /// <param name="attempt">The sign-in that may get its failures back; null for none.</param>
    /// <param name="now">The server's time.</param>
    public void Fail(AttemptId? attempt, DateTimeOffset now)
    {
        Settle(now);
        _failures++;
        _lockedOutAt ??= _failures >= policy.LockoutThreshold ? now : null;
        var doublings = _failures - policy.FreeFailures;
        _notBefore = doublings < 0 ? LongAgo : now.AddSeconds(Math.Min(30 * Math.Pow(2, doublings), 3600));
        _last = attempt is not { } id ? _last
            : _last is { } last && last.Attempt == id ? last with { Failures = last.Failures + 1 }
            : (id, now, 1);
        LowerAllowance(now);
    }

    /// <param name="attempt">The attempt whose failures are given back; null for none.</param>
    /// <param name="now">The server's time.</param>
    /// <returns>How many failures of the allowance were given back.</returns>
    public int Succeed(AttemptId? attempt, DateTimeOffset now)
    {
        Unlock();
        var isRefunded = _last is { } last && last.Attempt == attempt && (now - last.First).Duration() <= TimeSpan.FromMinutes(10);
        var refund = isRefunded ? Math.Min(_last!.Value.Failures, 4) : 0;
        // Never more is given back than time has left missing.
        _fullAt = _fullAt - now > refund * policy.AllowanceRegainInterval
            ? _fullAt - refund * policy.AllowanceRegainInterval
            : LongAgo;
        _last = null;
        return refund;
    }

    public void Unlock() => (_failures, _notBefore, _lockedOutAt) = (0, LongAgo, null);

    public void Reset()
    {
        Unlock();
        (_fullAt, _last, _isUsedUpTold) = (LongAgo, null, false);
    }

    // No wait is longer than the policy could impose now, even after the clock was set back. Stored with a failure or an unlock.
    public void Settle(DateTimeOffset now)
    {
        _isUsedUpTold &= _fullAt > now;
        if (IsLockoutOver(now))
        {
            Unlock();
        }

        (_notBefore, _fullAt) = (Earlier(_notBefore, now.AddHours(1)), FullAt(now));
        _lockedOutAt = _lockedOutAt is { } at ? Earlier(at, now) : null;
    }

    private void LowerAllowance(DateTimeOffset now)
    {
        var wasFull = _fullAt <= now;
        _fullAt = (wasFull ? now : _fullAt) + policy.AllowanceRegainInterval;
        var isUsedUp = _fullAt - now > (policy.FailureAllowance - 1) * policy.AllowanceRegainInterval;
        _isUsedUpTold &= !wasFull;
        TimesUsedUp += isUsedUp && !_isUsedUpTold ? 1 : 0;
        _isUsedUpTold |= isUsedUp;
    }

    private TimeSpan WaitForAllowance(DateTimeOffset now) =>
        FullAt(now) - (policy.FailureAllowance - 1) * policy.AllowanceRegainInterval - now;

    private DateTimeOffset FullAt(DateTimeOffset now) =>
        _fullAt > now ? Earlier(_fullAt, now + policy.FailureAllowance * policy.AllowanceRegainInterval) : LongAgo;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
