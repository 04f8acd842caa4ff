using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Core.Tests.Throttling;

public sealed class ThrottleStateTests
{
    private static readonly DateTimeOffset Now = Scenario.Start;
    private static readonly ThrottleOptions Policy = new() { FreeFailures = 2, LockoutThreshold = 3 };

    private static readonly AttemptId Attempt = AttemptId.Create();

    private static ThrottleState Failed(int failures, DateTimeOffset at) =>
        Enumerable.Range(0, failures).Aggregate(ThrottleState.Clean, (state, _) => state.RecordFailure(Policy, Attempt, at));

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(2, true, false)]
    [InlineData(3, true, true)]
    public void Refund_LastFailure_TakesBackItsWaitAndItsLockout(int failures, bool waits, bool isLockedOut)
    {
        var failed = Failed(failures, Now);

        var refunded = failed.Refund(Policy, failed, Attempt);

        Assert.Equal((waits, isLockedOut), (failed.NotBefore is not null, failed.LockedOutAt is not null));
        var allowance = Now + (failures - 1) * Policy.AllowanceRegainInterval;
        Assert.Equal(new ThrottleState { Failures = failures - 1, AllowanceFullAt = allowance }, refunded);
    }

    [Fact]
    public void Refund_EarlierFailure_KeepsTheWaitAndTheLockoutOfTheLaterOne()
    {
        var failed = Failed(2, Now);
        var later = failed.RecordFailure(Policy, Attempt, Now.AddMinutes(1));

        var refunded = later.Refund(Policy, failed, Attempt);

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
            (record, var events) = record.RecordFailure(MfaMethod.Totp, DeviceGroup.Known, Attempt, options, Now.AddDays(i));
            raised.AddRange(events.Select(e => e.Kind));
        }

        Assert.Equal([MfaEventKind.ThrottlingStarted, MfaEventKind.FactorLockedOut], raised);
        Assert.Equal(Now.AddDays(2), record.TotpThrottle.KnownDevices.LockedOutAt);
    }
}
