using Callroute.Mfa.StoreProbe;
using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>64 concurrent tasks in each of 4 processes, with a new user in each round; in one test a thousand tasks.</summary>
public sealed class RaceTests(Fleet fleet) : IClassFixture<Fleet>
{
    [Theory]
    [MemberData(nameof(StoreScenario.AllEngines), MemberType = typeof(StoreScenario))]
    public async Task VerifyAsync_OneCodeFromFourProcesses_IsAcceptedExactlyOnceEachRound(string engine)
    {
        await using var scenario = await StoreScenario.OnAsync(engine);
        using var tally = new Tally(engine);
        for (var round = 0; round < ProofSize.Rounds; round++)
        {
            var member = await scenario.EnrollAsync();
            var code = member.Code;

            var told = tally.Add(await fleet.RaceAsync(scenario.Place, RaceWork.Verify, member, code, ProofSize.TasksPerProcess));

            Assert.Equal(1, told.Answers.GetValueOrDefault("Accepted"));
            Assert.Equal(
                ProofSize.Processes * ProofSize.TasksPerProcess,
                told.Answers.GetValueOrDefault("Accepted") + told.Answers.GetValueOrDefault("Replayed")
                    + told.Answers.GetValueOrDefault("Unavailable"));
        }

        // Otherwise the rounds would test only one process.
        Assert.True(tally.Meetings >= Math.Max(1, ProofSize.Rounds / 10), $"The processes hardly met: in {tally.Meetings} rounds.");
    }

    [Theory]
    [MemberData(nameof(StoreScenario.AllEngines), MemberType = typeof(StoreScenario))]
    public async Task VerifyAsync_OneRecoveryCodeFromFourProcesses_IsAcceptedExactlyOnceEachRound(string engine)
    {
        await using var scenario = await StoreScenario.OnAsync(engine);
        using var tally = new Tally(engine);
        // The losing attempts are recorded as failures, so the winner's new code must wait.
        var tomorrow = scenario.ServiceOn(scenario.Store, new FakeTimeProvider(scenario.Clock.GetUtcNow() + TimeSpan.FromDays(1)));
        for (var round = 0; round < ProofSize.Rounds; round++)
        {
            var member = await scenario.EnrollAsync();

            var told = tally.Add(
                await fleet.RaceAsync(scenario.Place, RaceWork.Verify, member, member.RecoveryCode, ProofSize.TasksPerProcess));

            Assert.Equal(1, told.Answers.GetValueOrDefault("Accepted"));
            var replacement = Assert.Single(told.Issued).Value;
            var next = await tomorrow.VerifyAsync(
                member.User, replacement, tomorrow.BeginAttempt(), cancellationToken: StoreScenario.Token);
            Assert.True(next.Succeeded);
        }
    }

    [Theory]
    [MemberData(nameof(StoreScenario.AllEngines), MemberType = typeof(StoreScenario))]
    public async Task VerifyAsync_WrongGuessesFromFourProcesses_EvaluatesNoMoreThanTheLimit(string engine)
    {
        await using var scenario = await StoreScenario.OnAsync(engine);
        using var tally = new Tally(engine);
        for (var round = 0; round < ProofSize.Rounds; round++)
        {
            var member = await scenario.EnrollAsync();

            var tasks = round == 0 ? 250 : ProofSize.TasksPerProcess;
            var told = tally.Add(await fleet.RaceAsync(scenario.Place, RaceWork.Verify, member, member.WrongCode, tasks));
            var right = await member.VerifyAsync(member.Code);

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
        using var tally = new Tally(engine);
        for (var round = 0; round < ProofSize.Rounds; round++)
        {
            var member = await scenario.EnrollAsync();
            var signedIn = await member.VerifyAsync(member.Code);

            var told = tally.Add(await fleet.RaceAsync(scenario.Place, RaceWork.Regenerate, member, signedIn.Receipt!.Reveal(), tasks: 8));

            var acknowledged = new List<string>();
            foreach (var (generation, code) in told.Issued)
            {
                if ((await scenario.Mfa.AcknowledgeRecoveryCodesAsync(member.User, generation, StoreScenario.Token)).Succeeded)
                {
                    acknowledged.Add(code);
                }
            }

            var valid = Assert.Single(acknowledged);
            Assert.False((await member.VerifyAsync(member.RecoveryCode)).Succeeded);
            Assert.True((await member.VerifyAsync(valid)).Succeeded);
        }
    }
}
