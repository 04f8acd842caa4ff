using Callroute.Mfa.StoreProbe;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>
/// Dies while an authenticator is bound. It is bound once, its first code is consumed, and the user can get new recovery codes.
/// </summary>
internal static class ConfirmCrash
{
    public static async Task<CrashCase> ArrangeAsync(StoreScenario scenario, Failpoint failpoint)
    {
        var (user, enrollmentId) = await EnrolledUser.BeginAsync(scenario.Store, scenario.NewUser(), scenario.Key, scenario.Clock);
        return failpoint.Case(user, CrashFlow.Confirm, user.Phone.GetCode(), $"{enrollmentId}", CheckAsync);
    }

    private static async Task CheckAsync(StoreScenario scenario, CrashCase each)
    {
        var isBound = (await scenario.Mfa.GetStatusAsync(each.Member.User, StoreScenario.Token)).IsEnabled;
        Assert.True(isBound || !each.WasDone, $"{each}");
        if (!isBound)
        {
            var confirmed = await scenario.Mfa.ConfirmEnrollmentAsync(
                each.Member.User, Guid.Parse(each.Order.Id), each.Order.Text, StoreScenario.Token);
            Assert.Equal(MfaChangeOutcome.Succeeded, confirmed.Outcome);
        }

        Assert.Equal(RefusalReason.Replayed, (await each.Member.VerifyAsync(each.Order.Text)).Reason);
        var signedIn = await each.Member.VerifyAsync(each.Member.Code);
        Assert.True(signedIn.Succeeded, $"{each}: {signedIn}");
        var regenerated = await scenario.Mfa.RegenerateRecoveryCodesAsync(
            each.Member.User, MfaProof.FromReceipt(signedIn.Receipt!), StoreScenario.Token);
        Assert.True((await each.Member.VerifyAsync(regenerated.RecoveryCodes!.Reveal()[0])).Succeeded, $"{each}");
    }
}
