using Callroute.Mfa.Core.Tests.Throttling;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Core.Tests.Operations;

public sealed class UnlockTests
{
    public static MatrixTheoryData<bool, MfaMethod, int> Ended => new([false, true], [MfaMethod.Totp, MfaMethod.RecoveryCode], [5, 6]);

    // The fifth failure begins a wait, the sixth a lockout.
    [Theory]
    [MemberData(nameof(Ended))]
    public async Task UnlockAsync_WaitOrLockout_EndsItAndKeepsTheAllowanceAndTheRowOfAHundred(bool isKnown, MfaMethod method, int failures)
    {
        var user = await TwoDevices.EnrollAsync(lockoutThreshold: 6);
        await user.FailAsync(failures - 1, isKnown, method);
        await user.EnterAsync(isKnown, method, isRight: false);
        var before = await user.StateAsync(isKnown, method);

        var unlocked = await user.Scenario.UnlockAsync("Passport checked");

        Assert.True(unlocked.Succeeded);
        Assert.Equal(failures, (await user.ThrottleAsync(method)).FailuresOnAllDevices);
        Assert.Equivalent(
            before with { Failures = 0, NotBefore = null, LockedOutAt = null }, await user.StateAsync(isKnown, method), strict: true);
        var happened = Assert.Single(user.Scenario.Events, e => e.Kind == MfaEventKind.Unlocked);
        Assert.Equal("Passport checked", happened.Reason);
        Assert.Equal(MfaEventKind.Unlocked, (await user.Scenario.StatusAsync()).RecentEvents[^1].Kind);
    }

    [Fact]
    public async Task UnlockAsync_AllowanceUsedUp_StaysRefused()
    {
        var user = await TwoDevices.EnrollAsync(failureAllowance: 3);
        await user.FailAsync(2, isKnown: false, MfaMethod.Totp);
        await user.EnterAsync(isKnown: false, MfaMethod.Totp, isRight: false);

        await user.Scenario.UnlockAsync();

        Assert.Equal(RefusalReason.Throttled, (await user.EnterAsync(isKnown: false, MfaMethod.Totp, isRight: true)).Reason);
    }

    [Fact]
    public async Task UnlockAsync_NotEnrolled_IsNotEnrolledAndRaisesNothing()
    {
        var scenario = new Scenario();

        Assert.Equal(MfaChangeOutcome.NotEnrolled, (await scenario.UnlockAsync()).Outcome);
        await scenario.ResetAsync();
        Assert.Equal(MfaChangeOutcome.NotEnrolled, (await scenario.UnlockAsync()).Outcome);
        Assert.DoesNotContain(scenario.Events, e => e.Kind == MfaEventKind.Unlocked);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData(null)]
    public async Task UnlockAsync_NoReason_IsMisuse(string? reason) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => new Scenario().UnlockAsync(reason!));
}
