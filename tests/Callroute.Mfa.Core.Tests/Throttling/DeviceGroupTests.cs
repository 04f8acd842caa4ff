using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Core.Tests.Throttling;

/// <summary>Failures of known devices and of unknown devices: counted apart, except for 100 in a row.</summary>
public sealed class DeviceGroupTests
{
    private static readonly MfaMethod[] Factors = [MfaMethod.Totp, MfaMethod.RecoveryCode];

    public static MatrixTheoryData<bool, MfaMethod> GroupsAndFactors => TwoDevices.GroupsAndFactors;

    public static MatrixTheoryData<bool, bool, MfaMethod> TwoGroupsAndFactors => new([false, true], [false, true], Factors);

    public static MatrixTheoryData<bool, MfaMethod, RefusalReason> Refusals =>
        new([false, true], Factors, [RefusalReason.Throttled, RefusalReason.LockedOut]);

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task VerifyAsync_SuccessAndThenFailuresUntilRefused_ChangeNothingOnTheOtherGroup(
        bool isKnown, MfaMethod method, RefusalReason refusal)
    {
        var user = refusal == RefusalReason.LockedOut
            ? await TwoDevices.EnrollAsync(lockoutThreshold: 8)
            : await TwoDevices.EnrollAsync(failureAllowance: 8);
        await user.FailAsync(5, !isKnown, method);
        var before = await user.StateAsync(!isKnown, method);

        var success = await user.EnterAsync(isKnown, method, isRight: true);
        await user.FailAsync(7, isKnown, method);
        await user.EnterAsync(isKnown, method, isRight: false);

        Assert.True(success.Succeeded, success.ToString());
        Assert.Equivalent(before, await user.StateAsync(!isKnown, method), strict: true);

        // A token is never worse than none: while the known devices are refused, they count as unknown ones.
        var refused = await user.EnterAsync(isKnown, method, isRight: true);
        Assert.Equal(isKnown ? null : refusal, refused.Reason);
        Assert.True((await user.EnterAsync(!isKnown, method, isRight: true)).Succeeded);
        Assert.Equal(isKnown ? null : refusal, (await user.EnterAsync(isKnown, method, isRight: true)).Reason);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task VerifyAsync_BothGroupsRefused_RefusesEveryDevice(bool isKnown, MfaMethod method, RefusalReason refusal)
    {
        var user = refusal == RefusalReason.LockedOut
            ? await TwoDevices.EnrollAsync(lockoutThreshold: 8)
            : await TwoDevices.EnrollAsync(failureAllowance: 8);
        foreach (var devices in (bool[])[true, false])
        {
            await user.FailAsync(7, devices, method);
            await user.EnterAsync(devices, method, isRight: false);
        }

        Assert.Equal(refusal, (await user.EnterAsync(isKnown, method, isRight: true)).Reason);
    }

    [Theory]
    [MemberData(nameof(GroupsAndFactors))]
    public async Task VerifyAsync_ADayAfterALockout_BeginsANewRowOnlyOnUnknownDevices(bool isKnown, MfaMethod method)
    {
        var user = await TwoDevices.EnrollAsync(lockoutThreshold: 6);
        await user.FailAsync(5, isKnown, method);
        var last = await user.EnterAsync(isKnown, method, isRight: false);
        var expected = isKnown ? (UserMessage.TryAgain, (TimeSpan?)null) : (UserMessage.UseAnotherWay, TimeSpan.FromHours(24));
        Assert.Equal(expected, (last.UserMessage, last.RetryAfter));

        user.Scenario.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(31));
        var before = await user.EnterAsync(isKnown, method, isRight: false);
        var after = await user.EnterAsync(isKnown, method, isRight: false);

        if (isKnown)
        {
            Assert.Equal([RefusalReason.WrongCode, RefusalReason.WrongCode], [before.Reason, after.Reason]);
            Assert.Equal(2, (await user.StateAsync(isKnown: false, method)).Failures);
            Assert.NotNull((await user.StateAsync(isKnown: true, method)).LockedOutAt);
        }
        else
        {
            Assert.Equal((RefusalReason.LockedOut, TimeSpan.FromSeconds(1)), (before.Reason, before.RetryAfter));
            Assert.Equal(RefusalReason.WrongCode, after.Reason);
            Assert.Equal(1, (await user.StateAsync(isKnown: false, method)).Failures);
        }
    }

    [Theory]
    [InlineData(MfaMethod.Totp, false)]
    [InlineData(MfaMethod.Totp, true)]
    [InlineData(MfaMethod.RecoveryCode, false)]
    [InlineData(MfaMethod.RecoveryCode, true)]
    public async Task VerifyAsync_AHundredFailuresOfBothGroups_EndOnlyByANewBindingOrAReset(MfaMethod method, bool isReset)
    {
        var user = await TwoDevices.EnrollAsync(failureAllowance: 100);
        var scenario = user.Scenario;
        await user.FailAsync(50, isKnown: true, method);
        await user.FailAsync(49, isKnown: false, method);
        Assert.DoesNotContain(scenario.Events, e => e.Kind == MfaEventKind.FactorLockedOut);
        var last = await user.EnterAsync(isKnown: false, method, isRight: false);
        Assert.Equal((UserMessage.UseAnotherWay, null), (last.UserMessage, last.RetryAfter));
        Assert.Single(scenario.Events, e => e.Kind == MfaEventKind.FactorLockedOut && e.Method == method);

        Assert.Equal(MfaChangeOutcome.LockedOut, (await scenario.UnlockAsync()).Outcome);
        scenario.Clock.Advance(TimeSpan.FromDays(365));
        foreach (var isKnown in (bool[])[false, true])
        {
            var refused = await user.EnterAsync(isKnown, method, isRight: true);
            Assert.Equal((RefusalReason.LockedOut, null), (refused.Reason, refused.RetryAfter));
        }

        await EndAsync(user, method, isReset);

        var ended = await user.ThrottleAsync(method);
        Assert.Equal((0, 0, 0), (ended.FailuresOnAllDevices, ended.KnownDevices.Failures, ended.UnknownDevices.Failures));
    }

    private static async Task EndAsync(TwoDevices user, MfaMethod method, bool isReset)
    {
        var scenario = user.Scenario;
        if (isReset)
        {
            await scenario.ResetAsync();
            await scenario.EnrollAsync();
        }
        else if (method == MfaMethod.Totp)
        {
            var old = await scenario.FirstAuthenticatorAsync();
            await scenario.EnrollAsync(await scenario.ReceiptAsync(user.CodeOf(MfaMethod.RecoveryCode, isRight: true)));
            var status = await scenario.StatusAsync();
            Assert.NotEqual(old, Assert.Single(status.Authenticators).Id);
        }
        else
        {
            var codes = (await scenario.RegenerateAsync(scenario.CodeOf(user.Phone))).RecoveryCodes;
            await scenario.AcknowledgeAsync(codes);
        }
    }

    [Theory]
    [MemberData(nameof(GroupsAndFactors))]
    public async Task VerifyAsync_SuccessOnEitherGroup_BreaksTheRowOfAHundred(bool isKnown, MfaMethod method)
    {
        var user = await TwoDevices.EnrollAsync(failureAllowance: 100);
        await user.FailAsync(50, isKnown: true, method);
        await user.FailAsync(49, isKnown: false, method);

        Assert.True((await user.EnterAsync(isKnown, method, isRight: true)).Succeeded);
        await user.FailAsync(1, !isKnown, method);

        Assert.Equal(1, (await user.ThrottleAsync(method)).FailuresOnAllDevices);
    }

    // A guesser needs a stolen token to lock out known devices, but only the password to lock out unknown ones.
    // The device that enrols is known again.
    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    public async Task ConfirmEnrollmentAsync_AfterARecovery_LeavesNoFailureAndRevokesDevicesOnlyIfTheyAreLockedOut(
        bool isKnown, int devices)
    {
        var user = await TwoDevices.EnrollAsync(lockoutThreshold: 6);
        await user.FailAsync(6, isKnown, MfaMethod.Totp);
        await user.FailAsync(2, !isKnown, MfaMethod.Totp);
        await user.FailAsync(2, isKnown: true, MfaMethod.RecoveryCode);
        var token = user.Scenario.FirstDevice;

        await user.Scenario.EnrollAsync(await user.Scenario.ReceiptAsync(user.CodeOf(MfaMethod.RecoveryCode, isRight: true)));

        foreach (var factor in Factors)
        {
            Assert.Equivalent(FactorThrottle.Clean, await user.ThrottleAsync(factor), strict: true);
        }

        var status = await user.Scenario.StatusAsync();
        Assert.Equal((2, devices), (status.Authenticators.Count, status.KnownDevices.Count));
        Assert.Equal(isKnown, user.Scenario.FirstDevice != token);
    }

    [Theory]
    [InlineData(MfaMethod.RecoveryCode)]
    [InlineData(MfaMethod.Totp)]
    public async Task ConfirmEnrollmentAsync_EndsALockoutOfKnownDevices_RevokesThemWhateverProvedIt(MfaMethod method)
    {
        var user = await TwoDevices.EnrollAsync(lockoutThreshold: 6);
        await user.FailAsync(6, isKnown: true, method);
        var proof = MfaProof.FromReceipt((await user.EnterAsync(isKnown: true, method, isRight: true)).Receipt!);
        var before = await user.Scenario.StatusAsync();

        await user.Scenario.EnrollAsync(proof, await user.Scenario.FirstAuthenticatorAsync());

        var after = await user.Scenario.StatusAsync();
        Assert.NotEqual(Assert.Single(before.KnownDevices).Key, Assert.Single(after.KnownDevices).Key);
    }

    [Fact]
    public async Task VerifyAsync_BothGroupsClosed_WaitsForTheOneThatOpensFirst()
    {
        var user = await TwoDevices.EnrollAsync(failureAllowance: 2);
        await user.FailAsync(2, isKnown: true, MfaMethod.Totp);
        user.Scenario.Clock.Advance(TimeSpan.FromDays(1));
        await user.EnterAsync(isKnown: false, MfaMethod.Totp, isRight: false);
        var last = await user.EnterAsync(isKnown: true, MfaMethod.Totp, isRight: false);

        user.Scenario.Clock.Advance(last.RetryAfter!.Value);
        var right = await user.EnterAsync(isKnown: true, MfaMethod.Totp, isRight: true);

        Assert.InRange(last.RetryAfter.Value, TimeSpan.FromDays(1), TimeSpan.FromDays(2));
        Assert.True(right.Succeeded, right.ToString());
    }

    [Theory]
    [MemberData(nameof(TwoGroupsAndFactors))]
    public async Task Receipt_GroupLockedOut_IsVoidOnlyForThatGroupAndOnlyUntilTheLockoutEnds(
        bool isKnown, bool isKnownLockedOut, MfaMethod method)
    {
        var user = await TwoDevices.EnrollAsync(lockoutThreshold: 5);
        var proof = MfaProof.FromReceipt((await user.EnterAsync(isKnown, method, isRight: true)).Receipt!);
        await user.FailAsync(5, isKnownLockedOut, method);

        var during = await user.Scenario.RegenerateAsync(proof);
        await user.Scenario.UnlockAsync();
        var after = await user.Scenario.RegenerateAsync(proof);

        Assert.Equal(isKnown == isKnownLockedOut ? MfaChangeOutcome.ProofRefused : MfaChangeOutcome.Succeeded, during.Outcome);
        Assert.True(after.Succeeded);
    }

    [Theory]
    [MemberData(nameof(TwoGroupsAndFactors))]
    public async Task ConfirmEnrollmentAsync_GroupOfTheProofLockedOut_IsRefusedUntilTheLockoutEnds(
        bool isKnown, bool isKnownLockedOut, MfaMethod method)
    {
        var user = await TwoDevices.EnrollAsync(lockoutThreshold: 5);
        var proof = MfaProof.FromReceipt((await user.EnterAsync(isKnown, method, isRight: true)).Receipt!);
        var (offer, device) = await user.Scenario.BeginAndScanAsync(proof);
        await user.FailAsync(5, isKnownLockedOut, method);

        var during = await user.Scenario.ConfirmAsync(offer, device.GetCode());
        await user.Scenario.UnlockAsync();
        var after = await user.Scenario.ConfirmAsync(offer, device.GetCode());

        var isSame = isKnown == isKnownLockedOut;
        Assert.Equal(isSame ? MfaChangeOutcome.ProofRefused : MfaChangeOutcome.Succeeded, during.Outcome);
        Assert.True(after.Succeeded);
    }
}
