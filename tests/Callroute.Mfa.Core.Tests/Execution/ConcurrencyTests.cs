using System.Collections.Concurrent;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Core.Tests.Execution;

/// <summary>Many concurrent calls on the in-memory store, with a new user in each round.</summary>
public sealed class ConcurrencyTests
{
    private const int Rounds = 200;
    private const int Tasks = 64;

    private static async Task<T[]> AtOnceAsync<T>(int count, Func<int, Task<T>> run)
    {
        using var barrier = new SemaphoreSlim(0);
        var tasks = Enumerable.Range(0, count).Select(i => Task.Run(async () =>
        {
            await barrier.WaitAsync(Scenario.Token);
            return await run(i);
        })).ToArray();
        barrier.Release(count);
        return await Task.WhenAll(tasks);
    }

    private static async Task EachRoundAsync(Func<Scenario, Task> run, MfaOptions? options = null)
    {
        var shared = new Scenario(options);
        for (var round = 0; round < Rounds; round++)
        {
            await run(new(shared.Options, shared.Store, shared.Protector) { User = new MfaSubject($"user-{round}") });
        }
    }

    [Fact]
    public Task VerifyAsync_OneCodeInParallel_IsAcceptedExactlyOnceEachRound() => EachRoundAsync(async scenario =>
    {
        var (phone, _) = await scenario.EnrollAsync();
        var code = phone.GetCode();

        var results = await AtOnceAsync(Tasks, _ => scenario.VerifyAsync(code));

        Assert.Single(results, r => r.Succeeded);
        Assert.All(results.Where(r => !r.Succeeded), r => Assert.Equal(RefusalReason.Replayed, r.Reason));
    });

    [Fact]
    public Task VerifyAsync_OneRecoveryCodeInParallel_IsAcceptedExactlyOnceEachRound() => EachRoundAsync(async scenario =>
    {
        var (_, codes) = await scenario.EnrollAsync();

        var results = await AtOnceAsync(Tasks, _ => scenario.VerifyAsync(codes!.Reveal()[0]));

        Assert.Single(results, r => r.Succeeded);
    });

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 10)]
    public Task VerifyAsync_TenCodesOfOneSetInParallel_AreOneOrEachOnce(bool regenerateOnUse, int expected)
    {
        var options = new MfaOptions
        {
            Issuer = "Callroute",
            Recovery = { Count = 10, RegenerateOnUse = regenerateOnUse },
            RecoveryThrottle = { FreeFailures = 50, FailureAllowance = 100 },
        };
        return EachRoundAsync(
            async scenario =>
            {
                var (_, codes) = await scenario.EnrollAsync();

                var results = await AtOnceAsync(10, i => scenario.VerifyAsync(codes!.Reveal()[i]));

                Assert.Equal(expected, results.Count(r => r.Succeeded));
            },
            options);
    }

    [Fact]
    public Task VerifyAsync_SameAttemptSentTwiceAtOnce_GivesBothTheSameCodes() => EachRoundAsync(async scenario =>
    {
        var (_, codes) = await scenario.EnrollAsync();
        var attempt = scenario.Mfa.BeginAttempt();

        var results = await AtOnceAsync(2, _ => scenario.VerifyAsync(codes!.Reveal()[0], attempt));

        Assert.All(results, r => Assert.True(r.Succeeded, r.ToString()));
        Assert.Single(results.Select(r => r.ReplacementRecoveryCodes!.Reveal()[0]).Distinct());
    });

    [Fact]
    public async Task VerifyAsync_ThousandWrongGuessesAtOnce_EvaluatesNoMoreThanTheLimit()
    {
        var scenario = new Scenario();
        var (phone, _) = await scenario.EnrollAsync();
        var wrong = scenario.WrongCode(phone);

        var results = await AtOnceAsync(1000, _ => scenario.VerifyAsync(wrong));
        var right = await scenario.VerifyAsync(phone.GetCode());

        Assert.InRange(results.Count(r => r.Reason is RefusalReason.WrongCode or RefusalReason.Replayed || r.Succeeded), 1, 5);
        Assert.Equal(RefusalReason.Throttled, right.Reason);
    }

    [Fact]
    public async Task VerifyAsync_ThousandWrongRecoveryCodesAtOnce_EvaluatesNoMoreThanTheLimit()
    {
        var scenario = new Scenario();
        await scenario.EnrollAsync();
        var before = scenario.Hasher.Runs;

        var results = await AtOnceAsync(1000, _ => scenario.VerifyAsync(Scenario.WrongRecoveryCode()));

        Assert.InRange(results.Count(r => r.Reason == RefusalReason.WrongCode), 1, 5);
        Assert.InRange(scenario.Hasher.Runs - before, 1, 5);
    }

    [Fact]
    public async Task RegenerateRecoveryCodesAsync_InParallel_LeavesOneActiveAndOnePendingSet()
    {
        for (var round = 0; round < 20; round++)
        {
            var scenario = new Scenario();
            var (phone, old) = await scenario.EnrollAsync();
            var proof = await scenario.ReceiptAsync(phone.GetCode());
            var runs = scenario.Hasher.Runs;

            var results = await AtOnceAsync(32, _ => scenario.RegenerateAsync(proof));

            var issued = results.Where(r => r.Succeeded).Select(r => r.RecoveryCodes!).ToArray();
            Assert.NotEmpty(issued);
            Assert.InRange(issued.Length, 1, 5);
            // Each regeneration hashes its code twice: with its own settings, and with those of the active set.
            Assert.InRange(scenario.Hasher.Runs - runs, 2, 10);
            Assert.All(
                results.Where(r => !r.Succeeded),
                r => Assert.True(r.Outcome is MfaChangeOutcome.Unavailable or MfaChangeOutcome.Throttled, r.Outcome.ToString()));
            var acknowledged = new List<bool>();
            foreach (var set in issued)
            {
                acknowledged.Add((await scenario.AcknowledgeAsync(set)).Succeeded);
            }

            Assert.Single(acknowledged, done => done);
            Assert.False((await scenario.VerifyAsync(old!.Reveal()[0])).Succeeded);
            Assert.True((await scenario.VerifyAsync(issued[acknowledged.IndexOf(true)].Reveal()[0])).Succeeded);
        }
    }

    [Fact]
    public async Task VerifyAsync_StaleReads_NeverAcceptTwice()
    {
        for (var round = 0; round < 20; round++)
        {
            var store = new HookedStore();
            var scenario = new Scenario(store: store);
            var (phone, _) = await scenario.EnrollAsync();
            var code = phone.GetCode();
            // Every read returns the result of the first read, like a replica that lags behind.
            var first = new ConcurrentDictionary<MfaSubject, StoredRecord?>();
            store.OnFind = (subject, stored) => first.GetOrAdd(subject, stored);

            var results = await AtOnceAsync(8, _ => scenario.VerifyAsync(code));
            store.OnFind = null;
            var fresh = await scenario.VerifyAsync(code);

            Assert.Equal(1, results.Append(fresh).Count(r => r.Succeeded));
        }
    }
}
