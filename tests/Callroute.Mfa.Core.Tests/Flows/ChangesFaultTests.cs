using Callroute.Mfa.Secrets;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Core.Tests.Flows;

/// <summary>Bar B-36 at every change after enrolment: a fault at every call, one after the other, until the flow completes without one.</summary>
public sealed class ChangesFaultTests
{
    private static readonly Dictionary<string, byte[]> Keys = new() { ["old"] = [.. Enumerable.Repeat((byte)1, 32)], ["new"] = [.. Enumerable.Repeat((byte)2, 32)] };

    public static TheoryData<StoreFault> All => FaultLoop.All;

    [Theory]
    [MemberData(nameof(All))]
    public Task AcknowledgeRecoveryCodesAsync_PendingSet_WorksThroughout(StoreFault fault) => FaultLoop.RunAsync(fault, async (scenario, faults) =>
    {
        var (phone, old) = await scenario.EnrollAsync();
        var issued = (await scenario.Mfa.RegenerateRecoveryCodesAsync(scenario.User, await scenario.ReceiptAsync(phone.GetCode()), Scenario.Token)).RecoveryCodes!;

        var acknowledged = await faults.TryAsync(() => scenario.Mfa.AcknowledgeRecoveryCodesAsync(scenario.User, issued.SetId, Scenario.Token));

        Assert.False(acknowledged?.Succeeded == true && (await scenario.StatusAsync()).HasPendingRecoveryCodes);
        Assert.True((await scenario.VerifyAsync(issued.Reveal()[0])).Succeeded);
        Assert.Equal(RefusalReason.WrongCode, (await scenario.VerifyAsync(old!.Reveal()[0])).Reason);
    });

    [Theory]
    [MemberData(nameof(All))]
    public Task RegenerateRecoveryCodesAsync_Receipt_KeepsTheOldSetWorking(StoreFault fault) => FaultLoop.RunAsync(fault, async (scenario, faults) =>
    {
        var (phone, codes) = await scenario.EnrollAsync();
        var proof = await scenario.ReceiptAsync(phone.GetCode());

        await faults.TryAsync(() => scenario.Mfa.RegenerateRecoveryCodesAsync(scenario.User, proof, Scenario.Token));

        Assert.True((await scenario.VerifyAsync(codes!.Reveal()[0])).Succeeded);
    });

    [Theory]
    [MemberData(nameof(All))]
    public Task RegenerateRecoveryCodesAsync_Done_GivesCodesThatWork(StoreFault fault) => FaultLoop.RunAsync(fault, async (scenario, faults) =>
    {
        var (phone, codes) = await scenario.EnrollAsync();
        await scenario.ReceiptAsync(phone.GetCode());
        var code = phone.GetCode();

        var regenerated = await faults.TryAsync(() => scenario.Mfa.RegenerateRecoveryCodesAsync(scenario.User, scenario.CodeOf(phone), Scenario.Token));

        var again = await scenario.VerifyAsync(code);
        Assert.False(regenerated?.Verification?.Succeeded == true && again.Succeeded);
        var held = regenerated?.Succeeded == true ? regenerated.RecoveryCodes! : codes!;
        Assert.True((await scenario.VerifyAsync(held.Reveal()[0])).Succeeded);
    });

    [Theory]
    [MemberData(nameof(All))]
    public Task RemoveAuthenticatorAsync_OneOfTwo_KeepsTheOther(StoreFault fault) => FaultLoop.RunAsync(fault, async (scenario, faults) =>
    {
        var (kept, _) = await scenario.EnrollAsync();
        var (removed, _) = await scenario.EnrollAsync(await scenario.ReceiptAsync(kept.GetCode()));
        var proof = await scenario.ReceiptAsync(kept.GetCode());
        var id = (await scenario.StatusAsync()).Authenticators[^1].Id;

        var result = await faults.TryAsync(() => scenario.Mfa.RemoveAuthenticatorAsync(scenario.User, id, proof, Scenario.Token));

        var isGone = (await scenario.StatusAsync()).Authenticators.All(a => a.Id != id);
        Assert.True(isGone || result?.Succeeded != true);
        Assert.Equal(!isGone, (await scenario.VerifyAsync(removed.GetCode())).Succeeded);
        await scenario.AssertAcceptsNextAsync(kept);
    });

    [Theory]
    [MemberData(nameof(All))]
    public Task DisableAsync_Receipt_IsWhollyDoneOrNotAtAll(StoreFault fault) => FaultLoop.RunAsync(fault, async (scenario, faults) =>
    {
        var (phone, codes) = await scenario.EnrollAsync();
        var proof = await scenario.ReceiptAsync(phone.GetCode());

        var disabled = await faults.TryAsync(() => scenario.Mfa.DisableAsync(scenario.User, proof, Scenario.Token));

        await AssertWholeAsync(scenario, disabled, phone, codes!.Reveal()[0]);
    });

    [Theory]
    [MemberData(nameof(All))]
    public Task ResetAsync_Enrolled_IsWhollyDoneOrNotAtAll(StoreFault fault) => FaultLoop.RunAsync(fault, async (scenario, faults) =>
    {
        var (phone, codes) = await scenario.EnrollAsync();

        var reset = await faults.TryAsync(() => scenario.Mfa.ResetAsync(scenario.User, "lost phone", Scenario.Token));

        await AssertWholeAsync(scenario, reset, phone, codes!.Reveal()[0]);
    });

    [Theory]
    [MemberData(nameof(All))]
    public Task EraseAsync_Enrolled_IsWhollyDoneOrNotAtAll(StoreFault fault) => FaultLoop.RunAsync(fault, async (scenario, faults) =>
    {
        var (phone, codes) = await scenario.EnrollAsync();

        var erased = await faults.TryAsync(() => scenario.Mfa.EraseAsync(scenario.User, Scenario.Token));

        Assert.True(erased?.Succeeded != true || await scenario.Mfa.ExportAsync(scenario.User, Scenario.Token) is null);
        await AssertWholeAsync(scenario, erased, phone, codes!.Reveal()[0]);
    });

    [Theory]
    [MemberData(nameof(All))]
    public Task RotateKeysAsync_OlderKey_IsFinishedByTheNextRun(StoreFault fault) => FaultLoop.RunAsync(
        fault,
        async (scenario, faults) =>
        {
            var (phone, _) = await scenario.EnrollAsync();

            var results = await faults.TryAsync(() => ServiceOn(scenario, "old", "new").RotateKeysAsync(Scenario.Token).ToListAsync(Scenario.Token));
            var again = await ServiceOn(scenario, "old", "new").RotateKeysAsync(Scenario.Token).ToListAsync(Scenario.Token);

            Assert.False(results!.Single().WasChanged && again.Single().WasChanged);
            Assert.Null(again.Single().Failure);
            var withoutOld = ServiceOn(scenario, "new");
            Assert.True((await withoutOld.VerifyAsync(scenario.User, phone.GetCode(), withoutOld.BeginAttempt(), Scenario.Token)).Succeeded);
        },
        store => new Scenario(store: store, protector: new AesGcmSecretProtector(Ring("old"))));

    // The last key named is the active one.
    private static KeyRing Ring(params string[] ids) => new(ids[^1], ids.ToDictionary(id => id, id => Keys[id]));

    private static MfaService ServiceOn(Scenario scenario, params string[] ids) =>
        new(scenario.Store, new AesGcmSecretProtector(Ring(ids)), scenario.Hasher, scenario.Options, scenario.Clock);

    private static async Task AssertWholeAsync(Scenario scenario, MfaChangeResult? result, VirtualAuthenticator phone, string recoveryCode)
    {
        var status = await scenario.StatusAsync();
        Assert.Equal(status.IsEnabled ? 1 : 0, status.RecoveryCodesLeft);
        Assert.Equal(status.IsEnabled ? 1 : 0, status.Authenticators.Count);
        Assert.False(result?.Succeeded == true && status.IsEnabled);
        scenario.NextCode();
        Assert.Equal(status.IsEnabled, (await scenario.VerifyAsync(phone.GetCode())).Succeeded);
        Assert.Equal(status.IsEnabled, (await scenario.VerifyAsync(recoveryCode)).Succeeded);
    }
}
