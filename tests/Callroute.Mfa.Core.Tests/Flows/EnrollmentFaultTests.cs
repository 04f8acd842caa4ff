using Callroute.Mfa.Recovery;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Core.Tests.Flows;

/// <summary>Bar B-36 at enrolment: a fault at every call, one after the other, until the flow completes without one.</summary>
public sealed class EnrollmentFaultTests
{
    public static TheoryData<StoreFault> All => FaultLoop.All;

    public static TheoryData<StoreFault> OfReads => FaultLoop.OfReads;

    [Theory]
    [MemberData(nameof(All))]
    public Task BeginEnrollmentAsync_First_OffersWhatCanBeConfirmed(StoreFault fault) => FaultLoop.RunAsync(fault, async (scenario, faults) =>
    {
        var offer = await faults.TryAsync(() => BeginAsync(scenario));

        offer = offer?.Succeeded == true ? offer : await BeginAsync(scenario);
        using var phone = Scan(scenario, offer);
        Assert.False((await scenario.VerifyAsync(phone.GetCode())).Succeeded);
        Assert.True((await ConfirmAsync(scenario, offer, phone)).Succeeded);
        await scenario.AssertAcceptsNextAsync(phone);
    });

    [Theory]
    [MemberData(nameof(All))]
    public Task BeginEnrollmentAsync_CodeAsProof_IsNoSecondAcceptance(StoreFault fault) => FaultLoop.RunAsync(fault, async (scenario, faults) =>
    {
        var (old, _) = await scenario.EnrollAsync();
        await scenario.ReceiptAsync(old.GetCode());
        var code = old.GetCode();

        var offer = await faults.TryAsync(() => BeginAsync(scenario, scenario.CodeOf(old)));

        var again = await scenario.VerifyAsync(code);
        Assert.False(offer?.Verification?.Succeeded == true && again.Succeeded);
        Assert.True(again.Succeeded || again.Reason == RefusalReason.Replayed, again.ToString());
        await scenario.AssertAcceptsNextAsync(old);
    });

    [Theory]
    [MemberData(nameof(All))]
    public Task BeginEnrollmentAsync_RecoveryCodeAsProof_LeavesTheUserWithACode(StoreFault fault) => FaultLoop.RunAsync(fault, async (scenario, faults) =>
    {
        var (_, codes) = await scenario.EnrollAsync();
        var binding = MfaProof.FromCode(codes!.Reveal()[0], scenario.Mfa.BeginAttempt());

        await faults.TryAsync(() => BeginAsync(scenario, binding));
        var again = await BeginAsync(scenario, binding);

        Assert.True(again.Succeeded, again.Outcome.ToString());
        var held = again.Verification!.ReplacementRecoveryCodes!.Reveal()[0];
        Assert.True((await scenario.VerifyAsync(held)).Succeeded);
    });

    [Theory]
    [MemberData(nameof(All))]
    public Task BeginEnrollmentAsync_Replacing_KeepsTheOldUntilConfirmed(StoreFault fault) => FaultLoop.RunAsync(fault, async (scenario, faults) =>
    {
        var (old, _) = await scenario.EnrollAsync();
        var proof = await scenario.ReceiptAsync(old.GetCode());
        var binding = proof, (await scenario.StatusAsync()).Authenticators[0].Id;

        var offer = await faults.TryAsync(() => BeginAsync(scenario, binding));

        await scenario.AssertAcceptsNextAsync(old);
        offer = offer?.Succeeded == true ? offer : await BeginAsync(scenario, binding);
        using var phone = Scan(scenario, offer);
        Assert.True((await ConfirmAsync(scenario, offer, phone)).Succeeded);
        await scenario.AssertAcceptsNextAsync(phone);
    });

    [Theory]
    [MemberData(nameof(OfReads))]
    public Task ResumeEnrollmentAsync_Unfinished_GivesTheSameOrNothing(StoreFault fault) => FaultLoop.RunAsync(fault, async (scenario, faults) =>
    {
        var offer = await BeginAsync(scenario);

        var resumed = await faults.TryAsync(() => scenario.Mfa.ResumeEnrollmentAsync(scenario.User, offer.EnrollmentId, "alice", Scenario.Token));

        Assert.True(resumed?.Uri is null || resumed.Uri.Reveal() == offer.Uri!.Reveal());
        Assert.True(resumed is null || resumed.Succeeded || faults.IsStaleRead);
        using var phone = Scan(scenario, offer);
        Assert.True((await ConfirmAsync(scenario, offer, phone)).Succeeded);
    });

    [Theory]
    [MemberData(nameof(All))]
    public Task ConfirmEnrollmentAsync_First_IsWhollyDoneOrNotAtAll(StoreFault fault) => FaultLoop.RunAsync(fault, async (scenario, faults) =>
    {
        var offer = await BeginAsync(scenario);
        using var phone = Scan(scenario, offer);

        var confirmed = await faults.TryAsync(() => ConfirmAsync(scenario, offer, phone));

        var status = await scenario.StatusAsync();
        Assert.Equal(status.IsEnabled ? 1 : 0, status.RecoveryCodesLeft);
        Assert.True(status.IsEnabled || confirmed?.Succeeded != true);
        Assert.False((await scenario.VerifyAsync(phone.GetCode())).Succeeded);
        confirmed = status.IsEnabled ? confirmed : await ConfirmAsync(scenario, offer, phone);
        await scenario.AssertAcceptsNextAsync(phone);
        var codes = confirmed?.RecoveryCodes ?? await RegenerateAsync(scenario, phone);
        Assert.True((await scenario.VerifyAsync(codes.Reveal()[0])).Succeeded);
    });

    [Theory]
    [MemberData(nameof(All))]
    public Task ConfirmEnrollmentAsync_Adding_KeepsTheOld(StoreFault fault) => FaultLoop.RunAsync(fault, async (scenario, faults) =>
    {
        var (old, codes) = await scenario.EnrollAsync();
        var offer = await BeginAsync(scenario, await scenario.ReceiptAsync(old.GetCode()));
        using var phone = Scan(scenario, offer);

        var confirmed = await faults.TryAsync(() => ConfirmAsync(scenario, offer, phone));

        var bound = (await scenario.StatusAsync()).Authenticators.Count == 2;
        Assert.True(bound || confirmed?.Succeeded != true);
        Assert.False((await scenario.VerifyAsync(phone.GetCode())).Succeeded);
        Assert.True(bound || (await ConfirmAsync(scenario, offer, phone)).Succeeded);
        await scenario.AssertAcceptsNextAsync(phone);
        await scenario.AssertAcceptsNextAsync(old);
        Assert.True((await scenario.VerifyAsync(codes!.Reveal()[0])).Succeeded);
    });

    [Theory]
    [MemberData(nameof(All))]
    public Task ConfirmEnrollmentAsync_Replacing_LeavesExactlyOne(StoreFault fault) => FaultLoop.RunAsync(fault, async (scenario, faults) =>
    {
        var (old, codes) = await scenario.EnrollAsync();
        var proof = await scenario.ReceiptAsync(old.GetCode());
        var offer = await BeginAsync(scenario, proof, (await scenario.StatusAsync()).Authenticators[0].Id);
        using var phone = Scan(scenario, offer);

        var confirmed = await faults.TryAsync(() => ConfirmAsync(scenario, offer, phone));

        scenario.NextCode();
        var (viaNew, viaOld) = (await scenario.VerifyAsync(phone.GetCode()), await scenario.VerifyAsync(old.GetCode()));
        Assert.True(viaNew.Succeeded ^ viaOld.Succeeded, $"{viaNew}, {viaOld}");
        Assert.True(viaNew.Succeeded || confirmed?.Succeeded != true);
        Assert.True((await scenario.VerifyAsync(codes!.Reveal()[0])).Succeeded);
    });

    private static ValueTask<EnrollmentOffer> BeginAsync(Scenario scenario, EnrollmentBinding? binding = null) =>
        scenario.Mfa.BeginEnrollmentAsync(scenario.User, "alice", binding, Scenario.Token);

    private static ValueTask<MfaChangeResult> ConfirmAsync(Scenario scenario, EnrollmentOffer offer, VirtualAuthenticator phone) =>
        scenario.Mfa.ConfirmEnrollmentAsync(scenario.User, offer.EnrollmentId, phone.GetCode(), Scenario.Token);

    private static VirtualAuthenticator Scan(Scenario scenario, EnrollmentOffer offer) => VirtualAuthenticator.Scan(offer.Uri!.Reveal(), scenario.Clock);

    private static async Task<IssuedRecoveryCodes> RegenerateAsync(Scenario scenario, VirtualAuthenticator phone)
    {
        scenario.NextCode();
        return (await scenario.Mfa.RegenerateRecoveryCodesAsync(scenario.User, scenario.CodeOf(phone), Scenario.Token)).RecoveryCodes!;
    }
}
