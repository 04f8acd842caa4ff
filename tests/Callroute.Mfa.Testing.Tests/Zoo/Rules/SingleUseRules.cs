using Callroute.Mfa.Otp;
using Callroute.Mfa.Testing.Tests.Zoo.Bench;

namespace Callroute.Mfa.Testing.Tests.Zoo.Rules;

/// <summary>A code of the phone is accepted once, and a new code is always accepted.</summary>
internal static class SingleUseRules
{
    private const int Rounds = 5;
    private const int Tasks = 64;

    public static IEnumerable<Rule> All =>
    [
        new("UsedCode_AtEveryLaterInstant_IsRefused", RefuseLaterAsync),
        new("UsedCode_AfterAnotherCode_IsRefused", RefuseAfterAnotherAsync),
        new("UsedCode_SpeltOtherwise_IsRefused", RefuseSpellingsAsync),
        new("UsedCode_AfterTheClockWentBack_IsRefused", RefuseAfterClockWentBackAsync),
        new("UsedCode_OnEveryNode_IsRefused", RefuseOnEveryNodeAsync),
        new("OneCode_ByManyAtOnce_IsAcceptedOnce", AcceptOnceAtOnceAsync) { IsRace = true },
        new("CollidingSteps_AreConsumedUpToTheHighest", ConsumeHighestAsync) { Parameters = new TotpParameters { Digits = 4 } },
        new("EnrollmentCode_AtTheFirstSignIn_IsRefused", RefuseEnrollmentCodeAsync),
        new("FreshCode_AfterAYear_IsAccepted", AcceptAfterAYearAsync),
    ];

    // The code of the next step is valid for the longest time: it is accepted for three whole steps. Use a new user for every wait, so that
    // a throttle cannot hide a missing single use.
    private static async Task RefuseLaterAsync(SignInBench bench)
    {
        foreach (var seconds in new[] { 0, 1, 15, 29, 30, 31, 45, 59, 60, 61, 75, 89, 90, 120 })
        {
            var (user, phone, _) = await bench.EnrollAsync();
            var code = phone.GetCodeAt(bench.Setup.Clock.GetUtcNow() + Setup.Period);
            await bench.AcceptsAsync(user, code);
            bench.Setup.Clock.Advance(TimeSpan.FromSeconds(seconds));

            await bench.RefusesAsync(user, code, $"a code used {seconds} s ago");
        }
    }

    private static async Task RefuseAfterAnotherAsync(SignInBench bench)
    {
        var (user, phone, _) = await bench.EnrollAsync();
        var first = phone.GetCode();
        await bench.AcceptsAsync(user, first);
        bench.NextStep();
        await bench.AcceptsAsync(user, phone.GetCode());

        await bench.RefusesAsync(user, first, "a code used before the last one");
    }

    private static async Task RefuseSpellingsAsync(SignInBench bench)
    {
        var spellings = new Func<string, string>[]
        {
            code => $"{code[..3]} {code[3..]}", code => $"{code[..3]}-{code[3..]}", code => $" {code}", code => $"{code} ",
            code => string.Join('-', code.ToCharArray()), code => $"+{code}", code => $"0{code}", code => $"{code}\0",
            code => string.Concat(code.Select(digit => (char)(digit - '0' + '\uFF10'))),
        };
        foreach (var spell in spellings)
        {
            var (user, phone, _) = await bench.EnrollAsync();
            var code = phone.GetCode();
            await bench.AcceptsAsync(user, code);

            await bench.RefusesAsync(user, spell(code), "another spelling of a used code");
        }
    }

    private static async Task RefuseAfterClockWentBackAsync(SignInBench bench)
    {
        foreach (var jump in new[] { TimeSpan.FromSeconds(90), TimeSpan.FromHours(1), TimeSpan.FromDays(1) })
        {
            var (user, phone, _) = await bench.EnrollAsync();
            var (used, code) = (bench.Setup.Clock.GetUtcNow(), phone.GetCode());
            await bench.AcceptsAsync(user, code);
            bench.Setup.Clock.Advance(jump);
            await bench.RefusesAsync(user, bench.WrongCode(phone), "a wrong code");
            bench.Setup.Clock.AdjustTime(used);

            await bench.RefusesAsync(user, code, $"a code used before the clock went forward {jump} and back");
        }
    }

    // Every node and every cache has seen the user before the code is used, and again after.
    private static async Task RefuseOnEveryNodeAsync(SignInBench bench)
    {
        var (user, phone, _) = await bench.EnrollAsync();
        for (var i = 0; i < 3; i++)
        {
            await bench.AcceptsAsync(user, phone.GetCode());
            bench.NextStep();
        }

        var code = phone.GetCode();
        await bench.AcceptsAsync(user, code);
        for (var i = 0; i < 6; i++)
        {
            await bench.RefusesAsync(user, code, "a code used on another node or answered from a cache");
            bench.Setup.Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private static async Task AcceptOnceAtOnceAsync(SignInBench bench)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (user, phone, _) = await bench.EnrollAsync();
            var code = phone.GetCode();

            var answers = await SignInBench.AtOnceAsync(Tasks, _ => bench.TryAsync(user, code));

            var accepted = answers.Count(answer => answer == Answer.Accepted);
            RuleBrokenException.Unless(accepted == 1, $"one code sent {Tasks} times at once was accepted {accepted} times");
        }
    }

    private static async Task ConsumeHighestAsync(SignInBench bench)
    {
        foreach (var (lower, higher) in new[] { (0, 1), (-1, 0), (-1, 1) })
        {
            var (user, phone, _) = await bench.EnrollAsync();
            MoveToCollision(bench, phone, lower, higher);
            var code = phone.GetCodeAt(bench.Setup.Clock.GetUtcNow() + higher * Setup.Period);
            await bench.AcceptsAsync(user, code, "the code of two steps");
            for (var step = 0; step <= higher + 1; step++)
            {
                await bench.RefusesAsync(user, code, $"the code of steps {lower} and {higher} used {step} steps ago");
                bench.NextStep();
            }
        }

        await AcceptFreshCollisionAsync(bench);
    }

    // The code of the next step equals one that was used a step ago: its own step is fresh, so it is accepted.
    private static async Task AcceptFreshCollisionAsync(SignInBench bench)
    {
        var (user, phone, _) = await bench.EnrollAsync();
        MoveToCollision(bench, phone, -1, 1);
        var now = bench.Setup.Clock.GetUtcNow();
        bench.Setup.Clock.AdjustTime(now - Setup.Period);
        await bench.AcceptsAsync(user, phone.GetCode());
        bench.NextStep();

        await bench.AcceptsAsync(user, phone.GetCodeAt(now + Setup.Period), "a fresh code that equals a used one");
    }

    // With four digits two given steps collide once in ten thousand, so a real secret has a collision within days. A third step
    // with the same code would make a refused code fresh again.
    private static void MoveToCollision(SignInBench bench, VirtualAuthenticator phone, int lower, int higher)
    {
        do
        {
            bench.NextStep();
        }
        while (CodeAt(lower) != CodeAt(higher) || Enumerable.Range(-2, 8).Count(step => CodeAt(step) == CodeAt(higher)) > 2);

        string CodeAt(int step) => phone.GetCodeAt(bench.Setup.Clock.GetUtcNow() + step * Setup.Period);
    }

    private static async Task RefuseEnrollmentCodeAsync(SignInBench bench)
    {
        var (user, phone, _) = await bench.EnrollNowAsync();
        var code = phone.GetCode();

        await bench.RefusesAsync(user, code, "the code that confirmed the enrolment");
        bench.NextStep();
        await bench.RefusesAsync(user, code, "the code that confirmed the enrolment, a step later");
        await bench.AcceptsAsync(user, phone.GetCode());
    }

    // The memory of used codes contains the user. No part of it may expire.
    private static async Task AcceptAfterAYearAsync(SignInBench bench)
    {
        var (user, phone, codes) = await bench.EnrollAsync();
        await bench.AcceptsAsync(user, phone.GetCode());
        bench.Setup.Clock.Advance(TimeSpan.FromDays(365));

        await bench.AcceptsAsync(user, phone.GetCode(), "the code of a user who comes back after a year");
        await bench.AcceptsAsync(user, codes[0], "the recovery code of a user who comes back after a year");
    }
}
