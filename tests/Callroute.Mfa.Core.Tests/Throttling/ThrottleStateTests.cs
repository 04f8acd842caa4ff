using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Core.Tests.Throttling;

public sealed class ThrottleStateTests
{
    private static readonly DateTimeOffset Now = Scenario.Start;
    private static readonly ThrottleOptions Policy = new() { FreeFailures = 2, LockoutThreshold = 3 };
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private static readonly AttemptId Attempt = AttemptId.Create();

    private static ThrottleState Failed(int failures, DateTimeOffset at) =>
        Enumerable.Range(0, failures).Aggregate(ThrottleState.Clean, (state, _) => state.RecordFailure(Policy, Attempt, at));

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(2, true, false)]
    [InlineData(3, true, true)]
    public void Refund_LastFailure_GivesTheStateBeforeIt(int failures, bool waits, bool isLockedOut)
    {
        var before = Failed(failures - 1, Now) with { NotBefore = null };
        var failed = before.RecordFailure(Policy, Attempt, Now);

        Assert.Equal((waits, isLockedOut), (failed.NotBefore is not null, failed.LockedOutAt is not null));
        var expected = before with { AllowanceFullAt = before.AllowanceFullAt ?? Now };
        Assert.Equivalent(expected, failed.Refund(Policy, before, failed), strict: true);
    }

    [Fact]
    public void Refund_EarlierFailure_KeepsTheWaitAndTheLockoutOfTheLaterOne()
    {
        var (before, failed) = (Failed(1, Now), Failed(2, Now));
        var later = failed.RecordFailure(Policy, Attempt, Now.AddMinutes(1));

        var refunded = later.Refund(Policy, before, failed);

        Assert.NotNull(later.LockedOutAt);
        var expected = later with { Failures = 2, AllowanceFullAt = failed.AllowanceFullAt, LastAttempt = failed.LastAttempt };
        Assert.Equivalent(expected, refunded, strict: true);
    }

    // Time has given two of the four back.
    [Fact]
    public void Succeed_AllowancePartlyRegained_GivesBackNoMoreThanIsMissing()
    {
        var quick = new ThrottleOptions { AllowanceRegainInterval = TimeSpan.FromMinutes(1) };
        var failed = Enumerable.Range(0, 4).Aggregate(ThrottleState.Clean, (state, _) => state.RecordFailure(quick, Attempt, Now));

        Assert.Equivalent(ThrottleState.Clean, failed.Succeed(quick, Attempt, Now.AddMinutes(2)), strict: true);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    public void At_EndOfTheLockout_BeginsANewRow(int ticks, bool isLockedOut)
    {
        var failed = Failed(3, Now);

        var later = failed.At(Policy, Day, Now + Day + TimeSpan.FromTicks(ticks));

        Assert.Equal((isLockedOut ? 3 : 0, isLockedOut), (later.Failures, later.LockedOutAt is not null));
        Assert.Equal(failed.AllowanceFullAt, later.AllowanceFullAt);
    }

    [Fact]
    public void At_ClockSetBack_MovesEveryTimeToTheLatestThatThePolicyGivesNow()
    {
        var before = Now.AddYears(-1);

        var limited = Failed(3, Now).At(Policy, Day, before);

        Assert.Equal(before, limited.LockedOutAt);
        Assert.Equal(before + ThrottleOptions.MaximumWait, limited.NotBefore);
        Assert.Equal(before + Policy.FailureAllowance * Policy.AllowanceRegainInterval, limited.AllowanceFullAt);
        Assert.Same(limited, limited.At(Policy, Day, before));
    }

    [Fact]
    public void RecordFailure_FarBeyondTheThreshold_RaisesEachEventOnce()
    {
        var options = new MfaOptions { Issuer = "Callroute", TotpThrottle = { FreeFailures = 2, LockoutThreshold = 3 } };

        var (record, raised) = Raised(options, DeviceGroup.Known, Enumerable.Range(0, 10));

        Assert.Equal([MfaEventKind.ThrottlingStarted, MfaEventKind.FactorLockedOut], raised);
        Assert.Equal(Now.AddDays(2), record.TotpThrottle.KnownDevices.LockedOutAt);
    }

    // Day 3 and day 6 give one failure back each. By day 30, the allowance is full again.
    [Theory]
    [InlineData(2, new[] { 0, 0, 3, 6, 30, 30 })]
    [InlineData(1, new[] { 0, 30 })]
    public void RecordFailure_AllowanceUsedUp_RaisesTheEventAgainOnlyAfterItWasFull(int allowance, int[] days)
    {
        var options = new MfaOptions { Issuer = "Callroute", TotpThrottle = { FailureAllowance = allowance, FreeFailures = 100 } };
        foreach (var devices in Enum.GetValues<DeviceGroup>())
        {
            var (record, raised) = Raised(options, devices, days);

            Assert.Equal([MfaEventKind.AllowanceUsedUp, MfaEventKind.AllowanceUsedUp], raised);
            Assert.True(record.TotpThrottle.Of(devices).IsUsedUpReported);
        }
    }

    private static (MfaRecord Record, List<MfaEventKind> Raised) Raised(MfaOptions options, DeviceGroup devices, IEnumerable<int> days)
    {
        var record = MfaRecord.Create(new MfaSubject("user"), Guid.Empty);
        List<MfaEventKind> raised = [];
        foreach (var day in days)
        {
            (record, var events) = record.RecordFailure(MfaMethod.Totp, devices, Attempt, options, Now.AddDays(day));
            raised.AddRange(events.Select(e => e.Kind));
        }

        return (record, raised);
    }
}
