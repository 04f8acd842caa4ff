using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Core.Tests.Model;

/// <summary>The throttling of one factor: each group of devices has its own, and failures in a row are counted together.</summary>
internal sealed class ThrottleModel(ThrottleOptions policy)
{
    private readonly GroupModel _known = new(policy, lockout: null);
    private readonly GroupModel _unknown = new(policy, lockout: TimeSpan.FromHours(24));
    private int _inARow;

    public bool NeedsNewBinding => _inARow >= 100;

    public int TimesUsedUp => _known.TimesUsedUp + _unknown.TimesUsedUp;

    public GroupModel On(bool isKnown) => isKnown ? _known : _unknown;

    /// <summary>Whether a known device counts as one: not while known devices are closed, unless an unknown one waits longer.</summary>
    public bool IsBetterKnown(DateTimeOffset now) =>
        !_known.IsClosed(now) || (WaitAt(_unknown, now) ?? TimeSpan.MaxValue) > (WaitAt(_known, now) ?? TimeSpan.MaxValue);

    public bool IsLockedOut(bool isKnown, DateTimeOffset now) => NeedsNewBinding || On(isKnown).IsLockedOut(now);

    /// <returns>Why a code is not checked; null if it is.</returns>
    public RefusalReason? Refuse(bool isKnown, DateTimeOffset now) =>
        IsLockedOut(isKnown, now) ? RefusalReason.LockedOut
        : On(isKnown).WaitAt(now) != TimeSpan.Zero ? RefusalReason.Throttled
        : null;

    public void Fail(bool isKnown, AttemptId? attempt, DateTimeOffset now)
    {
        On(isKnown).Fail(attempt, now);
        _inARow++;
    }

    public int Succeed(bool isKnown, AttemptId? attempt, DateTimeOffset now)
    {
        _inARow = 0;
        return On(isKnown).Succeed(attempt, now);
    }

    public void Unlock(DateTimeOffset now)
    {
        _known.Settle(now);
        _unknown.Settle(now);
        Unlock();
    }

    public void BindAgain()
    {
        Unlock();
        _inARow = 0;
    }

    public void Reset()
    {
        _known.Reset();
        _unknown.Reset();
        _inARow = 0;
    }

    private void Unlock()
    {
        _known.Unlock();
        _unknown.Unlock();
    }

    private TimeSpan? WaitAt(GroupModel group, DateTimeOffset now) => NeedsNewBinding ? null : group.WaitAt(now);

    public (int Failures, bool IsLockedOut, TimeSpan? Wait) Status(bool isKnown, DateTimeOffset now)
    {
        var (group, wait) = (On(isKnown), WaitAt(On(isKnown), now));
        return (group.FailuresAt(now), IsLockedOut(isKnown, now), wait > TimeSpan.Zero ? wait : null);
    }
}
