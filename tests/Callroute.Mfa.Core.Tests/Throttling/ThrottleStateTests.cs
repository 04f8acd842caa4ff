using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Core.Tests.Throttling;

public sealed class ThrottleStateTests
{
    private static readonly DateTimeOffset Now = Scenario.Start;
    private static readonly ThrottleOptions Policy = new() { FreeFailures = 2, LockoutThreshold = 3 };

    private static ThrottleState Failed(int failures, DateTimeOffset at) =>
        Enumerable.Range(0, failures).Aggregate(ThrottleState.Clean, (state, _) => state.RecordFailure(Policy, at));

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(2, true, false)]
    [InlineData(3, true, true)]
    public void Refund_LastFailure_TakesBackItsWaitAndItsLockout(int failures, bool waits, bool isLockedOut)
    {
        var failed = Failed(failures, Now);

        var refunded = failed.Refund(Policy, failed);

        Assert.Equal((waits, isLockedOut), (failed.NotBefore is not null, failed.LockedOutAt is not null));
        var allowance = Now + (failures - 1) * Policy.AllowanceRegainInterval;
        Assert.Equal(new ThrottleState { Failures = failures - 1, AllowanceFullAt = allowance }, refunded);
    }

    [Fact]
    public void Refund_EarlierFailure_KeepsTheWaitAndTheLockoutOfTheLaterOne()
    {
        var failed = Failed(2, Now);
        var later = failed.RecordFailure(Policy, Now.AddMinutes(1));

        var refunded = later.Refund(Policy, failed);

        Assert.NotNull(later.LockedOutAt);
        Assert.Equal(later with { Failures = 2, AllowanceFullAt = failed.AllowanceFullAt }, refunded);
    }

    [Fact]
    public void RecordFailure_FarBeyondTheThreshold_RaisesEachEventOnce()
    {
        var options = new MfaOptions { Issuer = "Callroute", TotpThrottle = { FreeFailures = 2, LockoutThreshold = 3 } };
        var record = MfaRecord.Create(new MfaSubject("user"), Guid.Empty);
        List<MfaEventKind> raised = [];
        for (var i = 0; i < 10; i++)
        {
            (record, var events) = record.RecordFailure(MfaMethod.Totp, options, Now.AddDays(i));
            raised.AddRange(events.Select(e => e.Kind));
        }

        Assert.Equal([MfaEventKind.ThrottlingStarted, MfaEventKind.FactorLockedOut], raised);
        Assert.Equal(Now.AddDays(2), record.TotpThrottle.LockedOutAt);
    }

    [Fact]
    public void WaitAfter_AnyPolicy_NeverExceedsItsMaximum()
    {
        var policy = new ThrottleOptions { FreeFailures = 1, FirstWait = TimeSpan.FromHours(1), MaximumWait = TimeSpan.FromHours(24) };

        Assert.All(
            Enumerable.Range(1, 100),
            failures => Assert.InRange(policy.WaitAfter(failures), TimeSpan.FromHours(1), TimeSpan.FromHours(24)));
    }
}
