using Callroute.Mfa.StoreProbe;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>
/// Dies in a sign-in with a recovery code: the same attempt gets the answer again, and every other attempt is refused (R1–R4).
/// </summary>
internal static class RecoveryCrash
{
    /// <summary>The page is sent again. In every case the user then has a code that works.</summary>
    public static Task<CrashCase> ArrangeRepeatAsync(StoreScenario scenario, Failpoint failpoint) =>
        ArrangeAsync(scenario, failpoint, CheckRepeatAsync);

    /// <summary>
    /// Another sign-in with the old code comes first. It is accepted only if the dead process had not consumed the code, and only once.
    /// </summary>
    public static Task<CrashCase> ArrangeOtherAttemptAsync(StoreScenario scenario, Failpoint failpoint) =>
        ArrangeAsync(scenario, failpoint, CheckOtherAttemptAsync);

    /// <summary>An administrator resets the user: the repeatable answer ends too.</summary>
    public static Task<CrashCase> ArrangeResetAsync(StoreScenario scenario, Failpoint failpoint) =>
        ArrangeAsync(scenario, failpoint, CheckResetAsync);

    private static async Task<CrashCase> ArrangeAsync(
        StoreScenario scenario, Failpoint failpoint, Func<StoreScenario, CrashCase, Task> check)
    {
        var member = await scenario.EnrollAsync();
        return failpoint.Case(member, CrashFlow.Recovery, member.RecoveryCode, $"{scenario.Mfa.BeginAttempt()}", check);
    }

    private static async Task CheckRepeatAsync(StoreScenario scenario, CrashCase each)
    {
        var repeated = await each.Member.VerifyAsync(each.Order.Text, attempt: each.Attempt);
        Assert.True(repeated.Succeeded, $"{each}: {repeated}");
        var held = repeated.ReplacementRecoveryCodes!.Reveal()[0];
        Assert.True(each.Told?.RecoveryCode is null || each.Told.RecoveryCode == held, $"{each}");

        Assert.False((await each.Member.VerifyAsync(each.Order.Text)).Succeeded, $"{each}");
        Assert.True((await each.Member.VerifyAsync(held)).Succeeded, $"{each}");
        Assert.False((await each.Member.VerifyAsync(each.Order.Text)).Succeeded, $"{each}");
    }

    private static async Task CheckOtherAttemptAsync(StoreScenario scenario, CrashCase each)
    {
        var other = await each.Member.VerifyAsync(each.Order.Text);
        var repeated = await each.Member.VerifyAsync(each.Order.Text, attempt: each.Attempt);

        Assert.False(other.Succeeded && (each.WasDone || repeated.Succeeded), $"{each}");
        var answered = other.Succeeded ? other : repeated;
        Assert.True(answered.Succeeded, $"{each}: {other}, {repeated}");
        Assert.True((await each.Member.VerifyAsync(answered.ReplacementRecoveryCodes!.Reveal()[0])).Succeeded, $"{each}");
    }

    private static async Task CheckResetAsync(StoreScenario scenario, CrashCase each)
    {
        Assert.True((await scenario.Mfa.ResetAsync(each.Member.User, "lost everything", cancellationToken: StoreScenario.Token)).Succeeded);

        var repeated = await each.Member.VerifyAsync(each.Order.Text, attempt: each.Attempt);
        var other = await each.Member.VerifyAsync(each.Order.Text);
        Assert.Equal(RefusalReason.NotEnrolled, repeated.Reason);
        Assert.Equal(RefusalReason.NotEnrolled, other.Reason);
    }
}
