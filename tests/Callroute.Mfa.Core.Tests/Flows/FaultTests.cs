using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Core.Tests.Flows;

/// <summary>Bar B-36 at sign-in: a fault at every call, one after the other, until the flow completes without one.</summary>
public sealed class FaultTests
{
    public static TheoryData<StoreFault> All => FaultLoop.All;

    public static TheoryData<StoreFault> OfReads => FaultLoop.OfReads;

    [Theory]
    [MemberData(nameof(All))]
    public Task VerifyAsync_Totp_IsAcceptedOnceAndOnlyWhenWritten(StoreFault fault) => FaultLoop.RunAsync(fault, async (scenario, faults) =>
    {
        var (phone, _) = await scenario.EnrollAsync();
        await scenario.ReceiptAsync(phone.GetCode());
        var code = phone.GetCode();

        var first = await faults.TryAsync(() => scenario.Mfa.VerifyAsync(scenario.User, code, scenario.Mfa.BeginAttempt(), Scenario.Token));
        var second = await scenario.VerifyAsync(code);

        Assert.True(first!.Succeeded || first.Reason == RefusalReason.Unavailable, first.ToString());
        Assert.False(first.Succeeded && second.Succeeded);
        Assert.True(second.Succeeded || second.Reason == RefusalReason.Replayed, second.ToString());
        await scenario.AssertAcceptsNextAsync(phone);
    });

    [Theory]
    [MemberData(nameof(All))]
    public Task VerifyAsync_UsedTotp_IsNeverAcceptedAgain(StoreFault fault) => FaultLoop.RunAsync(fault, async (scenario, faults) =>
    {
        var (phone, _) = await scenario.EnrollAsync();
        await scenario.ReceiptAsync(phone.GetCode());
        var code = phone.GetCode();
        Assert.True((await scenario.VerifyAsync(code)).Succeeded);

        // A wrong code beside it, so that there is a write to fail too.
        var wrong = await faults.TryAsync(async () =>
        {
            Assert.False((await scenario.VerifyAsync(code)).Succeeded);
            return await scenario.VerifyAsync(scenario.WrongCode(phone));
        });

        Assert.False(wrong!.Succeeded);
        Assert.True(wrong.Reason != RefusalReason.WrongCode || (await scenario.StatusAsync()).Totp.ConsecutiveFailures == 1);
        Assert.Equal(RefusalReason.Replayed, (await scenario.VerifyAsync(code)).Reason);
    });

    [Theory]
    [MemberData(nameof(All))]
    public Task VerifyAsync_RecoveryCode_LeavesTheUserWithACode(StoreFault fault) => FaultLoop.RunAsync(fault, async (scenario, faults) =>
    {
        var (phone, codes) = await scenario.EnrollAsync();
        await scenario.ReceiptAsync(phone.GetCode());
        var (code, attempt) = (codes!.Reveal()[0], scenario.Mfa.BeginAttempt());

        var first = await faults.TryAsync(() => scenario.Mfa.VerifyAsync(scenario.User, code, attempt, Scenario.Token));
        var repeated = await scenario.VerifyAsync(code, attempt);

        Assert.True(first!.Succeeded || first.Reason == RefusalReason.Unavailable, first.ToString());
        Assert.True(repeated.Succeeded, $"{first}, then {repeated}");
        var held = repeated.ReplacementRecoveryCodes!.Reveal()[0];
        Assert.Equal(first.Succeeded ? first.ReplacementRecoveryCodes!.Reveal()[0] : held, held);
        Assert.Equal(RefusalReason.WrongCode, (await scenario.VerifyAsync(code)).Reason);
        Assert.True((await scenario.VerifyAsync(held)).Succeeded);
    });

    [Theory]
    [MemberData(nameof(All))]
    public Task VerifyAsync_RepeatedRecoveryCode_GivesTheSameCodesOrNone(StoreFault fault) => FaultLoop.RunAsync(fault, async (scenario, faults) =>
    {
        var (_, codes) = await scenario.EnrollAsync();
        var (code, attempt) = (codes!.Reveal()[0], scenario.Mfa.BeginAttempt());
        var held = (await scenario.VerifyAsync(code, attempt)).ReplacementRecoveryCodes!.Reveal()[0];

        var repeated = await faults.TryAsync(() => scenario.Mfa.VerifyAsync(scenario.User, code, attempt, Scenario.Token));

        Assert.True(repeated!.Succeeded || repeated.Reason == RefusalReason.Unavailable, repeated.ToString());
        Assert.True(!repeated.Succeeded || repeated.ReplacementRecoveryCodes!.Reveal()[0] == held);
        Assert.Equal(held, (await scenario.VerifyAsync(code, attempt)).ReplacementRecoveryCodes!.Reveal()[0]);
        Assert.False((await scenario.VerifyAsync(code)).Succeeded);
        Assert.True((await scenario.VerifyAsync(held)).Succeeded);
    });

    [Theory]
    [MemberData(nameof(All))]
    public Task VerifyAsync_UsedRecoveryCode_IsNeverAcceptedAgain(StoreFault fault) => FaultLoop.RunAsync(fault, async (scenario, faults) =>
    {
        var (_, codes) = await scenario.EnrollAsync();
        var code = codes!.Reveal()[0];
        var held = (await scenario.VerifyAsync(code)).ReplacementRecoveryCodes!.Reveal()[0];

        var again = await faults.TryAsync(() => scenario.Mfa.VerifyAsync(scenario.User, code, scenario.Mfa.BeginAttempt(), Scenario.Token));

        Assert.False(again!.Succeeded);
        Assert.True((await scenario.VerifyAsync(held)).Succeeded);
    });

    [Theory]
    [MemberData(nameof(OfReads))]
    public Task GetSignInRequirementAsync_UserWithMfa_NeverOpensADoor(StoreFault fault) => FaultLoop.RunAsync(fault, async (scenario, faults) =>
    {
        await scenario.EnrollAsync();

        var requirement = await faults.TryAsync<object>(async () => await scenario.Mfa.GetSignInRequirementAsync(scenario.User, true, Scenario.Token));

        Assert.Contains((SignInRequirement)requirement!, new[] { SignInRequirement.Required, SignInRequirement.Unavailable });
        Assert.Equal(SignInRequirement.Required, await scenario.Mfa.GetSignInRequirementAsync(scenario.User, false, Scenario.Token));
    });

    [Theory]
    [MemberData(nameof(OfReads))]
    public Task GetStatusAsync_UserWithMfa_TellsWhatIsOrThrows(StoreFault fault) => FaultLoop.RunAsync(fault, async (scenario, faults) =>
    {
        var (phone, _) = await scenario.EnrollAsync();

        var status = await faults.TryAsync(() => scenario.Mfa.GetStatusAsync(scenario.User, Scenario.Token));

        Assert.True(status is null || status.IsEnabled || faults.IsStaleRead);
        Assert.True((await scenario.StatusAsync()).IsEnabled);
        await scenario.AssertAcceptsNextAsync(phone);
    });

    [Theory]
    [MemberData(nameof(OfReads))]
    public Task ExportAsync_UserWithMfa_TellsWhatIsOrThrows(StoreFault fault) => FaultLoop.RunAsync(fault, async (scenario, faults) =>
    {
        var (phone, _) = await scenario.EnrollAsync();
        var right = await scenario.Mfa.ExportAsync(scenario.User, Scenario.Token);

        var export = await faults.TryAsync(() => scenario.Mfa.ExportAsync(scenario.User, Scenario.Token));

        Assert.True(export is null || export == right || faults.IsStaleRead);
        Assert.Equal(right, await scenario.Mfa.ExportAsync(scenario.User, Scenario.Token));
        await scenario.AssertAcceptsNextAsync(phone);
    });

    [Fact]
    public async Task VerifyAsync_MissingKey_IsUnavailableAndChargesNothing()
    {
        var scenario = new Scenario();
        var (phone, _) = await scenario.EnrollAsync();
        var stranger = new MfaService(scenario.Store, new AesGcmSecretProtector(Scenario.NewKeys("k2")), scenario.Hasher, scenario.Options, scenario.Clock);

        var result = await stranger.VerifyAsync(scenario.User, phone.GetCode(), stranger.BeginAttempt(), Scenario.Token);

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.IsType<SecretProtectionException>(result.Cause);
        Assert.Equal(0, (await scenario.StatusAsync()).Totp.ConsecutiveFailures);
    }

    [Fact]
    public async Task VerifyAsync_StoreAway_IsUnavailableAndElsewhereItsOwnException()
    {
        var store = FaultInjectingStore.Around(new InMemoryMfaStore());
        var scenario = new Scenario(store: store);
        await scenario.EnrollAsync();
        store.Arm(StoreFault.ThrowBefore, 1);

        var result = await scenario.VerifyAsync("123456");
        store.Arm(StoreFault.ThrowBefore, 1);

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.Equal(UserMessage.TryLater, result.UserMessage);
        await Assert.ThrowsAsync<IOException>(scenario.StatusAsync);
    }

    [Fact]
    public async Task VerifyAsync_CancelledBeforeTheWrite_ChangesNothing()
    {
        var scenario = new Scenario();
        var (phone, _) = await scenario.EnrollAsync();
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await scenario.Mfa.VerifyAsync(scenario.User, phone.GetCode(), scenario.Mfa.BeginAttempt(), cancellation.Token));

        Assert.True((await scenario.VerifyAsync(phone.GetCode())).Succeeded);
    }

    [Fact]
    public async Task VerifyAsync_EventHandlerThatThrows_ChangesNoAnswer()
    {
        var scenario = new Scenario();
        var (phone, _) = await scenario.EnrollAsync();
        var options = scenario.Options with { OnEvent = (_, _) => throw new InvalidOperationException("mail server away") };
        var service = new MfaService(scenario.Store, scenario.Protector, scenario.Hasher, options, scenario.Clock);

        var result = await service.VerifyAsync(scenario.User, phone.GetCode(), service.BeginAttempt(), Scenario.Token);

        Assert.True(result.Succeeded);
    }
}
