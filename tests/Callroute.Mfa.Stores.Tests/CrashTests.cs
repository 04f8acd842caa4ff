using System.Text.Json;
using Callroute.Mfa.StoreProbe;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>
/// The crash matrix: a process that serves many users is killed with SIGKILL while each of them stands at another
/// failpoint, before, in or after every call of the store, so T1–T4 and K1–K5 are among them. Then another process goes on.
/// R1: an accepted code is never accepted again. R2: the user always holds a code that works. R3: no code of an older set works.
/// R4: never two active sets. R5: a failed regeneration leaves the old set. A1: an answer that the user got is durable. A2: a call without
/// an answer may have consumed the code, but the code is never accepted twice.
/// </summary>
public sealed class CrashTests
{
    private const int Sigkill = 128 + 9;

    private static readonly Func<StoreScenario, Failpoint, Task<CrashCase>>[] Flows =
    [
        TotpCrash.ArrangeAsync,
        RecoveryCrash.ArrangeRepeatAsync,
        RecoveryCrash.ArrangeOtherAttemptAsync,
        RecoveryCrash.ArrangeResetAsync,
        NewCodesCrash.ArrangeRegenerateAsync,
        NewCodesCrash.ArrangeAcknowledgeAsync,
        ConfirmCrash.ArrangeAsync,
    ];

    [Theory]
    [MemberData(nameof(StoreScenario.AllEngines), MemberType = typeof(StoreScenario))]
    public async Task EveryFlow_ProcessKilledAtEveryFailpoint_KeepsItsInvariants(string engine)
    {
        await using var scenario = await StoreScenario.OnAsync(engine);
        var (users, answers) = (0, 0);
        for (var kill = 0; kill < ProofSize.Kills; kill++)
        {
            var cases = await ArrangeAsync(scenario);

            var told = await CrashAsync(scenario, cases);
            (users, answers) = (users + cases.Count, answers + told.Count);

            foreach (var each in cases)
            {
                await each.Check(scenario, each with { Told = told.GetValueOrDefault(each.Member.User.UserId) });
            }
        }

        ProofSize.Tell(
            engine,
            $"{ProofSize.Kills} kills: users in the middle of a flow {users - answers}, users who had their answer {answers}");
    }

    private static async Task<IReadOnlyList<CrashCase>> ArrangeAsync(StoreScenario scenario)
    {
        var cases = new List<CrashCase>();
        foreach (var flow in Flows)
        {
            foreach (var failpoint in Failpoint.All)
            {
                cases.Add(await flow(scenario, failpoint));
            }
        }

        return cases;
    }

    private static async Task<Dictionary<string, CrashReport>> CrashAsync(StoreScenario scenario, IReadOnlyList<CrashCase> cases)
    {
        using var probe = ProbeProcess.Start("crash");
        await probe.WriteLineAsync(JsonSerializer.Serialize(scenario.Place));
        await probe.WriteLineAsync(JsonSerializer.Serialize(cases.Select(each => each.Order)));
        var (lines, exitCode, errors) = await probe.WaitForDeathAsync();
        Assert.True(exitCode == Sigkill && lines.Contains("READY"), $"Exit code {exitCode}: {errors}");

        var told = lines.Where(line => line.StartsWith('{'))
            .Select(line => JsonSerializer.Deserialize<CrashReport>(line)!).ToDictionary(report => report.User);
        Assert.All(
            cases.GroupBy(each => each.Order.Flow), flow => Assert.Contains(flow, each => told.ContainsKey(each.Member.User.UserId)));
        Assert.All(cases.Where(each => each.Order.Call == 1), each => Assert.DoesNotContain(each.Member.User.UserId, told.Keys));
        return told;
    }
}
