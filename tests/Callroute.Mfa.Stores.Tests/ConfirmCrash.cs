using Callroute.Mfa.StoreProbe;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>Dies where an authenticator is bound: it is bound once, its first code is consumed, and there is a way to new recovery codes.</summary>
internal static class ConfirmCrash
{
    public static async Task<CrashCase> ArrangeAsync(StoreScenario scenario, Failpoint failpoint)
    {
        var user = scenario.NewUser();
        var offer = await scenario.Mfa.BeginEnrollmentAsync(user, "alice@example.com", cancellationToken: StoreScenario.Token);
        var phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), scenario.Clock);
        return failpoint.Case(new Member(user, phone, string.Empty, default), CrashFlow.Confirm, phone.GetCode(), $"{offer.EnrollmentId}", CheckAsync);
    }

    private static async Task CheckAsync(StoreScenario scenario, CrashCase each)
    {
        var isBound = (await scenario.Mfa.GetStatusAsync(each.Member.User, StoreScenario.Token)).IsEnabled;
        Assert.True(isBound || !each.WasDone, $"{each}");
        if (!isBound)
        {
            var confirmed = await scenario.Mfa.ConfirmEnrollmentAsync(each.Member.User, Guid.Parse(each.Order.Id), each.Order.Text, StoreScenario.Token);
            Assert.Equal(MfaChangeOutcome.Succeeded, confirmed.Outcome);
        }

        Assert.Equal(RefusalReason.Replayed, (await scenario.VerifyAsync(each.Member, each.Order.Text)).Reason);
        var signedIn = await scenario.VerifyAsync(each.Member, scenario.NextCodeOf(each.Member));
        Assert.True(signedIn.Succeeded, $"{each}: {signedIn}");
        var regenerated = await scenario.Mfa.RegenerateRecoveryCodesAsync(each.Member.User, MfaProof.FromReceipt(signedIn.Receipt!), StoreScenario.Token);
        Assert.True((await scenario.VerifyAsync(each.Member, regenerated.RecoveryCodes!.Reveal()[0])).Succeeded, $"{each}");
    }
}
