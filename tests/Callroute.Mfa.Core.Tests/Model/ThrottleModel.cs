using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Core.Tests.Model;

/// <summary>The throttling of the documents, implemented a second time and as simply as possible.</summary>
internal sealed class ThrottleModel(ThrottleOptions policy)
{
    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;
    private DateTimeOffset _fullAt = DateTimeOffset.MinValue;

    public int Failures { get; private set; }

    public bool IsLockedOut { get; private set; }

    public bool MayTry(DateTimeOffset now)
    {
        Clamp(now);
        return !IsLockedOut && _notBefore <= now && _fullAt - now <= (policy.FailureAllowance - 1) * policy.AllowanceRegainInterval;
    }

    public void Fail(DateTimeOffset now)
    {
        Clamp(now);
        Failures++;
        IsLockedOut |= Failures >= policy.LockoutThreshold;
        var doublings = Failures - policy.FreeFailures;
        var seconds = doublings < 0 ? 0 : Math.Min(30 * Math.Pow(2, doublings), 3600);
        _notBefore = seconds > 0 ? now.AddSeconds(seconds) : DateTimeOffset.MinValue;
        _fullAt = (_fullAt > now ? _fullAt : now) + policy.AllowanceRegainInterval;
    }

    public void Succeed()
    {
        Failures = 0;
        IsLockedOut = false;
        _notBefore = DateTimeOffset.MinValue;
    }

    public void Reset()
    {
        Succeed();
        _fullAt = DateTimeOffset.MinValue;
    }

    // No wait is longer than the policy could impose now, even after the clock was set back.
    private void Clamp(DateTimeOffset now)
    {
        _notBefore = _notBefore > now.AddHours(1) ? now.AddHours(1) : _notBefore;
        var furthest = now + policy.FailureAllowance * policy.AllowanceRegainInterval;
        _fullAt = _fullAt > furthest ? furthest : _fullAt;
    }
}
