using Callroute.Mfa.Recovery;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Core.Tests.Flows;

/// <summary>Bars B-01, B-12, B-21 and B-22 on the in-memory store: 64 parallel tasks, 200 rounds, a fresh user each.</summary>
public sealed class ConcurrencyTests
{
    private const int Rounds = 200;
    private const int Tasks = 64;

    private static async Task<T[]> AtOnceAsync<T>(int count, Func<int, ValueTask<T>> run)
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

    private static Scenario NewRound(int round, Scenario shared) =>
        new(store: shared.Store, protector: shared.Protector, options: shared.Options) { User = new MfaSubject($"user-{round}") };

    [Fact]
    public async Task VerifyAsync_OneCodeInParallel_IsAcceptedExactlyOnceEachRound()
    {
        var shared = new Scenario();
        for (var round = 0; round < Rounds; round++)
        {
            var scenario = NewRound(round, shared);
            var (phone, _) = await scenario.EnrollAsync();
            var code = phone.GetCode();

            var results = await AtOnceAsync(Tasks, _ => scenario.Mfa.VerifyAsync(scenario.User, code, scenario.Mfa.BeginAttempt(), Scenario.Token));

            Assert.Single(results, r => r.Succeeded);
            Assert.All(results.Where(r => !r.Succeeded), r => Assert.Equal(RefusalReason.Replayed, r.Reason));
        }
    }

    [Fact]
    public async Task VerifyAsync_OneRecoveryCodeInParallel_IsAcceptedExactlyOnceEachRound()
    {
        var shared = new Scenario();
        for (var round = 0; round < Rounds; round++)
        {
            var scenario = NewRound(round, shared);
            var (_, codes) = await scenario.EnrollAsync();
            var code = codes!.Reveal()[0];

            var results = await AtOnceAsync(Tasks, _ => scenario.Mfa.VerifyAsync(scenario.User, code, scenario.Mfa.BeginAttempt(), Scenario.Token));

            Assert.Single(results, r => r.Succeeded);
        }
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 10)]
    public async Task VerifyAsync_TenCodesOfOneSetInParallel_AreOneOrEachOnce(bool regenerateOnUse, int expected)
    {
        var options = new MfaOptions
        {
            Issuer = "Callroute",
            Recovery = { Count = 10, RegenerateOnUse = regenerateOnUse },
            RecoveryThrottle = { FreeFailures = 50, FailureAllowance = 100 },
        };
        var shared = new Scenario(options);
        for (var round = 0; round < Rounds; round++)
        {
            var scenario = NewRound(round, shared);
            var (_, codes) = await scenario.EnrollAsync();

            var results = await AtOnceAsync(10, i => scenario.Mfa.VerifyAsync(scenario.User, codes!.Reveal()[i], scenario.Mfa.BeginAttempt(), Scenario.Token));

            Assert.Equal(expected, results.Count(r => r.Succeeded));
        }
    }

    [Fact]
    public async Task VerifyAsync_SameAttemptSentTwiceAtOnce_GivesBothTheSameCodes()
    {
        var shared = new Scenario();
        for (var round = 0; round < Rounds; round++)
        {
            var scenario = NewRound(round, shared);
            var (_, codes) = await scenario.EnrollAsync();
            var attempt = scenario.Mfa.BeginAttempt();

            var results = await AtOnceAsync(2, _ => scenario.Mfa.VerifyAsync(scenario.User, codes!.Reveal()[0], attempt, Scenario.Token));

            Assert.All(results, r => Assert.True(r.Succeeded, r.ToString()));
            Assert.Single(results.Select(r => r.ReplacementRecoveryCodes!.Reveal()[0]).Distinct());
        }
    }

    [Fact]
    public async Task VerifyAsync_ThousandWrongGuessesAtOnce_EvaluatesNoMoreThanTheLimit()
    {
        var scenario = new Scenario();
        var (phone, _) = await scenario.EnrollAsync();
        var wrong = scenario.WrongCode(phone);

        var results = await AtOnceAsync(1000, _ => scenario.Mfa.VerifyAsync(scenario.User, wrong, scenario.Mfa.BeginAttempt(), Scenario.Token));
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

        var results = await AtOnceAsync(1000, _ => scenario.Mfa.VerifyAsync(scenario.User, RecoveryCode.Generate().Reveal(), scenario.Mfa.BeginAttempt(), Scenario.Token));

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

            var results = await AtOnceAsync(32, _ => scenario.Mfa.RegenerateRecoveryCodesAsync(scenario.User, proof, Scenario.Token));

            var issued = results.Where(r => r.Succeeded).Select(r => r.RecoveryCodes!).ToArray();
            Assert.NotEmpty(issued);
            Assert.All(results.Where(r => !r.Succeeded), r => Assert.Equal(MfaChangeOutcome.Unavailable, r.Outcome));
            var acknowledged = new List<bool>();
            foreach (var set in issued)
            {
                acknowledged.Add((await scenario.Mfa.AcknowledgeRecoveryCodesAsync(scenario.User, set.SetId, Scenario.Token)).Succeeded);
            }

            Assert.Single(acknowledged, done => done);
            Assert.False((await scenario.VerifyAsync(old!.Reveal()[0])).Succeeded);
            Assert.True((await scenario.VerifyAsync(issued[acknowledged.IndexOf(true)].Reveal()[0])).Succeeded);
        }
    }

    [Fact]
    public async Task VerifyAsync_StaleReads_NeverAcceptTwice()
    {
        var stale = new StaleStore(new InMemoryMfaStore());
        for (var round = 0; round < 20; round++)
        {
            var scenario = new Scenario(store: stale) { User = new MfaSubject($"user-{round}") };
            var (phone, _) = await scenario.EnrollAsync();
            var code = phone.GetCode();
            stale.IsStale = true;

            var results = await AtOnceAsync(8, _ => scenario.Mfa.VerifyAsync(scenario.User, code, scenario.Mfa.BeginAttempt(), Scenario.Token));
            stale.IsStale = false;
            var fresh = await scenario.VerifyAsync(code);

            Assert.Equal(1, results.Append(fresh).Count(r => r.Succeeded));
        }
    }

    /// <summary>Serves reads from a snapshot of the first read, as a lagging replica or a cache would.</summary>
    private sealed class StaleStore(IMfaStore inner) : IMfaStore
    {
        private readonly System.Collections.Concurrent.ConcurrentDictionary<MfaSubject, StoredRecord?> _snapshots = new();

        public bool IsStale { get; set; }

        public async ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default)
        {
            var current = await inner.FindAsync(subject, cancellationToken);
            return IsStale ? _snapshots.GetOrAdd(subject, current) : current;
        }

        public ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default) =>
            inner.TryWriteAsync(subject, document, newVersion, expected, cancellationToken);

        public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) =>
            inner.TryDeleteAsync(subject, expected, cancellationToken);
    }
}
