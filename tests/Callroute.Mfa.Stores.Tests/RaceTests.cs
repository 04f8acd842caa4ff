using System.Diagnostics;
using System.Text.Json;
using Callroute.Mfa.StoreProbe;
using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>Bars B-01, B-12, B-21 and B-22: 64 tasks in each of 4 processes at one moment, a fresh user each round; once a thousand.</summary>
public sealed class RaceTests
{
    private static readonly long LeadTime = Stopwatch.Frequency / 200;

    [Theory]
    [MemberData(nameof(StoreScenario.AllEngines), MemberType = typeof(StoreScenario))]
    public async Task VerifyAsync_OneCodeFromFourProcesses_IsAcceptedExactlyOnceEachRound(string engine)
    {
        await using var scenario = await StoreScenario.OnAsync(engine);
        using var fleet = new Fleet(scenario);
        for (var round = 0; round < ProofSize.Rounds; round++)
        {
            var member = await scenario.EnrollAsync();
            var code = member.Phone.GetCodeAt(scenario.Clock.GetUtcNow() + TimeSpan.FromSeconds(30));

            var told = await fleet.RaceAsync(RaceWork.Verify, member, code, ProofSize.TasksPerProcess);

            Assert.Equal(1, told.Answers.GetValueOrDefault("Accepted"));
            Assert.Equal(ProofSize.Processes * ProofSize.TasksPerProcess, told.Answers.GetValueOrDefault("Accepted") + told.Answers.GetValueOrDefault("Replayed") + told.Answers.GetValueOrDefault("Unavailable"));
        }
    }

    [Theory]
    [MemberData(nameof(StoreScenario.AllEngines), MemberType = typeof(StoreScenario))]
    public async Task VerifyAsync_OneRecoveryCodeFromFourProcesses_IsAcceptedExactlyOnceEachRound(string engine)
    {
        await using var scenario = await StoreScenario.OnAsync(engine);
        using var fleet = new Fleet(scenario);
        // The losers are charged, so the winner's new code has to wait.
        var tomorrow = scenario.ServiceOn(scenario.Store, new FakeTimeProvider(scenario.Clock.GetUtcNow() + TimeSpan.FromDays(1)));
        for (var round = 0; round < ProofSize.Rounds; round++)
        {
            var member = await scenario.EnrollAsync();

            var told = await fleet.RaceAsync(RaceWork.Verify, member, member.RecoveryCode, ProofSize.TasksPerProcess);

            Assert.Equal(1, told.Answers.GetValueOrDefault("Accepted"));
            var replacement = Assert.Single(told.Issued).Value;
            Assert.True((await tomorrow.VerifyAsync(member.User, replacement, tomorrow.BeginAttempt(), StoreScenario.Token)).IsAccepted);
        }
    }

    [Theory]
    [MemberData(nameof(StoreScenario.AllEngines), MemberType = typeof(StoreScenario))]
    public async Task VerifyAsync_WrongGuessesFromFourProcesses_EvaluatesNoMoreThanTheLimit(string engine)
    {
        await using var scenario = await StoreScenario.OnAsync(engine);
        using var fleet = new Fleet(scenario);
        for (var round = 0; round < ProofSize.Rounds; round++)
        {
            var member = await scenario.EnrollAsync();

            var told = await fleet.RaceAsync(RaceWork.Verify, member, scenario.WrongCode(member), round == 0 ? 250 : ProofSize.TasksPerProcess);
            var right = await scenario.VerifyAsync(member, member.Phone.GetCodeAt(scenario.Clock.GetUtcNow() + TimeSpan.FromSeconds(30)));

            Assert.InRange(told.Answers.GetValueOrDefault("WrongCode"), 1, 5);
            Assert.Equal(0, told.Answers.GetValueOrDefault("Accepted") + told.Answers.GetValueOrDefault("Replayed"));
            Assert.Equal(told.Answers.GetValueOrDefault("WrongCode") == 5 ? RefusalReason.Throttled : null, right.Reason);
        }
    }

    [Theory]
    [MemberData(nameof(StoreScenario.AllEngines), MemberType = typeof(StoreScenario))]
    public async Task RegenerateRecoveryCodesAsync_FromFourProcesses_LeavesOneActiveAndOnePendingSet(string engine)
    {
        await using var scenario = await StoreScenario.OnAsync(engine);
        using var fleet = new Fleet(scenario);
        for (var round = 0; round < ProofSize.Rounds; round++)
        {
            var member = await scenario.EnrollAsync();
            var signedIn = await scenario.VerifyAsync(member, member.Phone.GetCodeAt(scenario.Clock.GetUtcNow() + TimeSpan.FromSeconds(30)));

            var told = await fleet.RaceAsync(RaceWork.Regenerate, member, signedIn.Receipt!.Reveal(), tasks: 8);

            var acknowledged = new List<string>();
            foreach (var (generation, code) in told.Issued)
            {
                if ((await scenario.Mfa.AcknowledgeRecoveryCodesAsync(member.User, generation, StoreScenario.Token)).IsDone)
                {
                    acknowledged.Add(code);
                }
            }

            var valid = Assert.Single(acknowledged);
            Assert.False((await scenario.VerifyAsync(member, member.RecoveryCode)).IsAccepted);
            Assert.True((await scenario.VerifyAsync(member, valid)).IsAccepted);
        }
    }

    /// <summary>The processes that race.</summary>
    private sealed class Fleet(StoreScenario scenario) : IDisposable
    {
        private readonly ProbeProcess[] _processes = [.. Enumerable.Range(0, ProofSize.Processes).Select(_ => scenario.StartProbe("race"))];

        public async Task<RaceReport> RaceAsync(RaceWork work, Member member, string text, int tasks)
        {
            var order = JsonSerializer.Serialize(new RaceOrder(work, member.User.UserId, text, tasks, Stopwatch.GetTimestamp() + LeadTime));
            await Task.WhenAll(_processes.Select(process => process.WriteLineAsync(order)));
            var lines = await Task.WhenAll(_processes.Select(process => process.ReadLineAsync()));
            var reports = lines.Select(line => JsonSerializer.Deserialize<RaceReport>(line)!).ToArray();
            return new RaceReport(
                reports.SelectMany(report => report.Answers).GroupBy(answer => answer.Key).ToDictionary(group => group.Key, group => group.Sum(answer => answer.Value)),
                reports.SelectMany(report => report.Issued).ToDictionary());
        }

        public void Dispose()
        {
            foreach (var process in _processes)
            {
                process.Dispose();
            }
        }
    }
}
