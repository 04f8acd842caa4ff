using Callroute.Mfa.StoreProbe;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>
/// Dies while recovery codes are regenerated or acknowledged: the code that the user holds works (R2, R5), and then no older code works
/// (R3, R4).
/// </summary>
internal static class NewCodesCrash
{
    public static async Task<CrashCase> ArrangeRegenerateAsync(StoreScenario scenario, Failpoint failpoint)
    {
        var (member, receipt) = await SignInAsync(scenario);
        return failpoint.Case(
            member, CrashFlow.Regenerate, receipt.Reveal(), string.Empty,
            (_, each) => CheckAsync(scenario, each, each.Told?.RecoveryCode ?? member.RecoveryCode));
    }

    public static async Task<CrashCase> ArrangeAcknowledgeAsync(StoreScenario scenario, Failpoint failpoint)
    {
        var (member, receipt) = await SignInAsync(scenario);
        var proof = MfaProof.FromReceipt(receipt);
        var issued = (await scenario.Mfa.RegenerateRecoveryCodesAsync(member.User, proof, StoreScenario.Token)).RecoveryCodes!;
        return failpoint.Case(
            member, CrashFlow.Acknowledge, string.Empty, $"{issued.SetId}", (_, each) => CheckAsync(scenario, each, issued.Reveal()[0]));
    }

    private static async Task<(EnrolledUser Member, MfaReceipt Receipt)> SignInAsync(StoreScenario scenario)
    {
        var member = await scenario.EnrollAsync();
        return (member, (await member.VerifyAsync(member.Code)).Receipt!);
    }

    private static async Task CheckAsync(StoreScenario scenario, CrashCase each, string held)
    {
        var wasHeld = await each.Member.VerifyAsync(held);
        var wasOld = await each.Member.VerifyAsync(each.Member.RecoveryCode);

        Assert.True(wasHeld.Succeeded, $"{each}: {wasHeld}");
        Assert.False(wasOld.Succeeded, $"{each}: {wasOld}");
    }
}
