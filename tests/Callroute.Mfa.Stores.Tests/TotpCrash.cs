using Callroute.Mfa.StoreProbe;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>Dies in a sign-in with a code of the app: the code is never accepted twice (R1, A1, A2).</summary>
internal static class TotpCrash
{
    public static async Task<CrashCase> ArrangeAsync(StoreScenario scenario, Failpoint failpoint)
    {
        var member = await scenario.EnrollAsync();
        return failpoint.Case(member, CrashFlow.Totp, member.Code, $"{scenario.Mfa.BeginAttempt()}", CheckAsync);
    }

    private static async Task CheckAsync(StoreScenario scenario, CrashCase each)
    {
        var first = await each.Member.VerifyAsync(each.Order.Text);
        var second = await each.Member.VerifyAsync(each.Order.Text);

        Assert.False(each.WasDone && first.Succeeded, $"{each}");
        Assert.True(first.Succeeded || first.Reason == RefusalReason.Replayed, $"{each}: {first}");
        Assert.Equal(RefusalReason.Replayed, second.Reason);
    }
}
