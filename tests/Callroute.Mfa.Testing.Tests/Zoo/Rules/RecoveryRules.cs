using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Rules;

/// <summary>A recovery code works once, and the user always holds one that works.</summary>
internal static class RecoveryRules
{
    private const int Rounds = 5;
    private const int Tasks = 32;

    public static IEnumerable<Rule> All =>
    [
        new("RecoveryCode_ByManyAtOnce_IsAcceptedOnce", AcceptOnceAsync) { IsRace = true },
        new("TenRecoveryCodes_AtOnce_AreEachAcceptedOnce", AcceptEachOnceAsync) { IsRace = true },
        new("Regeneration_ThatDiesAnywhere_LeavesAWorkingCode", SurviveRegenerationAsync),
        new("Regeneration_WithoutAGoodProof_HashesNothing", HashOnlyWithProofAsync),
        new("UsedRecoveryCode_SentAgain_IsAnsweredUntilTheSignOut", RepeatUntilSignOutAsync),
        new("Confirmation_SentTwice_GivesItsRecoveryCodes", ConfirmTwiceAsync),
        new("Password_AfterAReset_IsNotEnough", RefusePasswordAfterResetAsync),
        new("Password_WhileTheRecordIsLost_IsNotEnough", RefusePasswordWithoutRecordAsync),
        new("Secret_MovedToAnotherUser_LetsNobodyIn", RefuseMovedSecretAsync),
    ];

    private static async Task AcceptOnceAsync(SignInBench bench)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (user, _, codes) = await bench.EnrollAsync();

            var answers = await SignInBench.AtOnceAsync(Tasks, _ => bench.TryAsync(user, codes[0]));
            bench.SignIn.Restart();
            await bench.RefusesAsync(user, codes[0], "a used recovery code");

            var accepted = answers.Count(answer => answer == Answer.Accepted);
            RuleBrokenException.Unless(accepted == 1, $"one recovery code sent {Tasks} times at once was accepted {accepted} times");
        }
    }

    // The second pass uses the codes that were refused because of conflicts, and finds codes that a lost update has restored.
    private static async Task AcceptEachOnceAsync(SignInBench bench)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (user, _, codes) = await bench.EnrollAsync();
            var first = await SignInBench.AtOnceAsync(codes.Count, i => bench.TryAsync(user, codes[i]));
            for (var i = 0; i < codes.Count; i++)
            {
                var again = await bench.TryAsync(user, codes[i]);

                var accepted = new[] { first[i], again }.Count(answer => answer == Answer.Accepted);
                RuleBrokenException.Unless(accepted == 1, $"one of ten recovery codes, all sent twice, was accepted {accepted} times");
            }
        }
    }

    private static async Task SurviveRegenerationAsync(SignInBench bench)
    {
        for (var (point, died) = (1, true); died; point++)
        {
            var (user, phone, codes) = await bench.EnrollAsync();
            bench.Setup.Faults.Arm(point);
            var held = await TryRegenerateAsync(bench, user, phone.GetCode()) ?? codes;
            died = bench.Setup.Faults.Disarm();
            bench.SignIn.Restart();

            await bench.AcceptsAsync(user, held[0], $"the user's recovery code after a storage failure at point {point} of a regeneration");
        }
    }

    private static async Task HashOnlyWithProofAsync(SignInBench bench)
    {
        var (user, phone, _) = await bench.EnrollAsync();
        var before = bench.Setup.Hashes;
        var codes = await TryRegenerateAsync(bench, user, bench.WrongCode(phone));

        RuleBrokenException.Unless(codes is null, "a wrong code proved a regeneration");
        RuleBrokenException.Unless(bench.Setup.Hashes == before, "codes were hashed for a regeneration that a wrong code should prove");
    }

    // The same browser sends the same request again: its user has reloaded the page.
    private static async Task RepeatUntilSignOutAsync(SignInBench bench)
    {
        var (user, _, codes) = await bench.EnrollAsync();
        var session = new Session();
        var answers = new List<Answer>();
        for (var i = 0; i < 2; i++)
        {
            answers.Add(await bench.SignIn.VerifyAsync(user, codes[0], session));
        }

        await bench.SignIn.SignOutAsync(user);
        var afterwards = await bench.SignIn.VerifyAsync(user, codes[0], session);

        RuleBrokenException.Unless(answers is [Answer.Accepted, Answer.Accepted], "a recovery code sent twice must be answered twice");
        RuleBrokenException.Unless(afterwards != Answer.Accepted, "a used recovery code was answered again after the sign-out");
    }

    private static async Task ConfirmTwiceAsync(SignInBench bench)
    {
        var (_, codes) = await bench.SignIn.EnrollAsync("twice", isSentTwice: true);

        RuleBrokenException.Unless(codes.Count == Setup.RecoveryCodes, $"a confirmation sent twice gave {codes.Count} recovery codes");
        await bench.AcceptsAsync("twice", codes[0], "a recovery code of a confirmation that was sent twice");
    }

    private static async Task RefusePasswordAfterResetAsync(SignInBench bench)
    {
        var (user, _, _) = await bench.EnrollAsync();
        await bench.SignIn.ResetAsync(user);
        await RefusesPasswordAsync(bench, user, "after a reset");

        bench.Setup.Clock.Advance(TimeSpan.FromDays(365));
        await RefusesPasswordAsync(bench, user, "a year after a reset");
    }

    private static async Task RefusePasswordWithoutRecordAsync(SignInBench bench)
    {
        var (user, _, _) = await bench.EnrollAsync();
        await bench.SignIn.LoseRecordAsync(user);

        await RefusesPasswordAsync(bench, user, "while the record is lost");
    }

    private static async Task RefusesPasswordAsync(SignInBench bench, string user, string when) =>
        RuleBrokenException.Unless(!await bench.SignIn.IsPasswordEnoughAsync(user), $"the password alone must not be enough {when}");

    private static async Task<IReadOnlyList<string>?> TryRegenerateAsync(SignInBench bench, string user, string proof)
    {
        try
        {
            return await bench.SignIn.RegenerateAsync(user, proof);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static async Task RefuseMovedSecretAsync(SignInBench bench)
    {
        var (attacker, phone, _) = await bench.EnrollAsync();
        var (victim, victimPhone, _) = await bench.EnrollAsync();
        await bench.AcceptsAsync(victim, victimPhone.GetCode());
        await bench.SignIn.MoveSecretAsync(attacker, victim);
        bench.NextStep();

        await bench.RefusesAsync(victim, phone.GetCode(), "the phone of one user whose secret stands in another's row");
    }
}
