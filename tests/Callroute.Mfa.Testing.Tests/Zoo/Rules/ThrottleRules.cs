using System.Transactions;
using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Rules;

/// <summary>No more wrong codes are checked than the limit, for every way of sending them.</summary>
internal static class ThrottleRules
{
    private const int Guesses = 40;
    private const int Rounds = 3;

    public static IEnumerable<Rule> All =>
    [
        new("Guesses_InOneSession_AreLimited", LimitInOneSessionAsync),
        new("Guesses_InManySessions_AreLimited", LimitInManySessionsAsync),
        new("Guesses_UnderManySpellingsOfTheName_AreLimited", LimitUnderManySpellingsAsync),
        new("Guesses_AtOnce_AreLimited", LimitAtOnceAsync) { IsRace = true },
        new("Guesses_AcrossRestarts_AreLimited", LimitAcrossRestartsAsync),
        new("Guesses_ThatTheCallerRollsBack_AreLimited", LimitRolledBackAsync),
        new("UsedCode_ThatTheCallerRollsBack_IsRefused", RefuseRolledBackAsync),
        new("Stranger_WhoGuessesForADay_DoesNotLockOutAKnownDevice", KeepKnownDeviceAsync),
        new("Guesses_BesideTheOwnersSignIns_AreLimited", bench => LimitBesideTheOwnerAsync(bench, () => (new(), new()))),
        new("Guesses_BesideTheOwnersStepUps_AreLimited", bench => LimitBesideTheOwnerAsync(bench, ShareStolenSession)),
        new("RecoveryGuesses_OneAfterTheOther_AreLimited", LimitRecoveryAsync),
    ];

    private static Task LimitInOneSessionAsync(SignInBench bench)
    {
        var session = new Session();
        return LimitAsync(bench, (user, code, _) => bench.SignIn.VerifyAsync(user, code, session));
    }

    private static Task LimitInManySessionsAsync(SignInBench bench) => LimitAsync(bench, (user, code, _) => bench.TryAsync(user, code));

    // In one session, so that only the spelling differs.
    private static Task LimitUnderManySpellingsAsync(SignInBench bench)
    {
        var session = new Session();
        return LimitAsync(bench, (user, code, i) =>
        {
            var spellings = Logins.SpellingsOf(user);
            return bench.SignIn.VerifyAsync(spellings[i % spellings.Count], code, session);
        });
    }

    private static Task LimitAcrossRestartsAsync(SignInBench bench) => LimitAsync(bench, (user, code, _) =>
    {
        bench.SignIn.Restart();
        return bench.TryAsync(user, code);
    });

    private static Task LimitRolledBackAsync(SignInBench bench) =>
        LimitAsync(bench, (user, code, _) => RollBackAsync(() => bench.TryAsync(user, code)));

    private static async Task LimitAsync(SignInBench bench, Func<string, string, int, Task<Answer>> guessAsync)
    {
        var (user, phone) = await SignedInAsync(bench);
        var wrong = bench.WrongCode(phone);
        var answers = new List<Answer>();
        for (var i = 0; i < Guesses; i++)
        {
            answers.Add(await guessAsync(user, wrong, i));
        }

        Judge(answers, Setup.Limit);
        var right = await guessAsync(user, phone.GetCode(), Guesses);
        RuleBrokenException.Unless(right == Answer.Unchecked, "beyond the limit a right code must not be checked");
    }

    private static async Task LimitAtOnceAsync(SignInBench bench)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (user, phone) = await SignedInAsync(bench);
            var wrong = bench.WrongCode(phone);

            Judge(await SignInBench.AtOnceAsync(200, _ => bench.TryAsync(user, wrong)), Setup.Limit);
        }
    }

    private static async Task LimitRecoveryAsync(SignInBench bench)
    {
        var (user, _, codes) = await bench.EnrollAsync();
        await bench.AcceptsAsync(user, codes[0], "a recovery code");
        var answers = new List<Answer>();
        for (var i = 0; i < Setup.RecoveryLimit + 10; i++)
        {
            answers.Add(await bench.TryAsync(user, SignInBench.NewRecoveryCode()));
        }

        Judge(answers, Setup.RecoveryLimit);
    }

    private static async Task KeepKnownDeviceAsync(SignInBench bench)
    {
        var (user, phone, _) = await bench.EnrollAsync();
        var owners = new Session();
        await bench.SignIn.VerifyAsync(user, phone.GetCode(), owners);
        for (var i = 0; i < 24; i++)
        {
            bench.Setup.Clock.Advance(TimeSpan.FromHours(1));
            await bench.TryAsync(user, bench.WrongCode(phone));
        }

        var answer = await bench.SignIn.VerifyAsync(user, phone.GetCode(), new Session { Device = owners.Device });
        RuleBrokenException.Unless(
            answer == Answer.Accepted, $"the owner's code on a known device was {answer} after a stranger's guesses");
    }

    private static (Session Thief, Session Owner) ShareStolenSession()
    {
        var stolen = new Session { IsSignedIn = true };
        return (stolen, stolen);
    }

    private static async Task LimitBesideTheOwnerAsync(SignInBench bench, Func<(Session Thief, Session Owner)> open)
    {
        var (user, phone) = await SignedInAsync(bench);
        var answers = new List<Answer>();
        for (var round = 0; round < Setup.Allowance; round++)
        {
            var (thief, owner) = open();
            for (var i = 0; i < Setup.Refund; i++)
            {
                answers.Add(await bench.SignIn.VerifyAsync(user, bench.WrongCode(phone), thief));
            }

            await bench.SignIn.VerifyAsync(user, phone.GetCode(), owner);
            bench.NextStep();
        }

        Judge(answers, Setup.Allowance);
    }

    private static async Task RefuseRolledBackAsync(SignInBench bench)
    {
        var (user, phone, _) = await bench.EnrollAsync();
        var answer = await RollBackAsync(() => bench.TryAsync(user, phone.GetCode()));
        RuleBrokenException.Unless(answer == Answer.Accepted, $"a fresh code in the caller's transaction must be accepted, was {answer}");

        await bench.RefusesAsync(user, phone.GetCode(), "a code whose sign-in the caller rolled back");
    }

    // First sign in once, so that an implementation that accepts no code fails the rule.
    private static async Task<(string User, VirtualAuthenticator Phone)> SignedInAsync(SignInBench bench)
    {
        var (user, phone, _) = await bench.EnrollAsync();
        await bench.AcceptsAsync(user, phone.GetCode());
        bench.NextStep();
        return (user, phone);
    }

    private static async Task<Answer> RollBackAsync(Func<Task<Answer>> run)
    {
        using var caller = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);
        return await run();
    }

    private static void Judge(IReadOnlyCollection<Answer> answers, int limit)
    {
        var evaluated = answers.Count(answer => answer != Answer.Unchecked);
        RuleBrokenException.Unless(
            evaluated is > 0 && evaluated <= limit, $"of {answers.Count} wrong codes {evaluated} were checked, of at most {limit}");
        RuleBrokenException.Unless(!answers.Contains(Answer.Accepted), "a wrong code was accepted");
    }
}
