using System.Text.Json;
using Callroute.Mfa.StoreProbe;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>
/// The crash matrix (bar B-23): a process that serves many users is killed with SIGKILL while each of them stands at another
/// failpoint, before, in or after every call of the store, so T1–T4 and K1–K5 are among them. Then another process goes on.
/// R1: an accepted code is never accepted again. R2: the user always holds a code that works. R3: no code of an older set works.
/// R4: never two active sets. R5: a failed regeneration leaves the old set. A1: what was told is there. A2: what was not told may
/// have burned a code and never accepts it twice.
/// </summary>
public sealed class CrashTests
{
    private const int MostCalls = 6;
    private const int Sigkill = 128 + 9;

    private static readonly (int Call, CrashMoment Moment)[] Failpoints =
        [.. from call in Enumerable.Range(1, MostCalls) from moment in Enum.GetValues<CrashMoment>() select (call, moment)];

    private static async Task<IReadOnlyList<CrashCase>> CrashAsync(StoreScenario scenario, Func<int, CrashMoment, Task<CrashCase>> arrange)
    {
        var cases = new List<CrashCase>();
        foreach (var (call, moment) in Failpoints)
        {
            cases.Add(await arrange(call, moment));
        }

        using var probe = scenario.StartProbe("crash");
        await probe.WriteLineAsync(JsonSerializer.Serialize(cases.Select(each => each.Order)));
        var (lines, exitCode, errors) = await probe.WaitForDeathAsync();
        Assert.True(exitCode == Sigkill && lines.Contains("READY"), $"Exit code {exitCode}: {errors}");
        var reports = lines.Where(line => line.StartsWith('{')).Select(line => JsonSerializer.Deserialize<CrashReport>(line)!).ToDictionary(report => report.User);
        Assert.NotEmpty(reports);
        Assert.True(reports.Count < cases.Count);
        return [.. cases.Select(each => each with { Told = reports.GetValueOrDefault(each.Member.User.UserId) })];
    }

    private static async Task RepeatAsync(string engine, Func<StoreScenario, int, Task> run)
    {
        await using var scenario = await StoreScenario.OnAsync(engine);
        for (var kill = 0; kill < ProofSize.Kills; kill++)
        {
            await run(scenario, kill);
        }
    }

    [Theory]
    [MemberData(nameof(StoreScenario.AllEngines), MemberType = typeof(StoreScenario))]
    public Task VerifyAsync_KilledWithACodeOfTheApp_NeverAcceptsItTwice(string engine) => RepeatAsync(engine, async (scenario, _) =>
    {
        var cases = await CrashAsync(scenario, async (call, moment) =>
        {
            var member = await scenario.EnrollAsync();
            var code = member.Phone.GetCodeAt(scenario.Clock.GetUtcNow() + TimeSpan.FromSeconds(30));
            return CrashCase.Of(member, CrashFlow.Totp, call, moment, code, $"{scenario.Mfa.BeginAttempt()}");
        });

        foreach (var each in cases)
        {
            var first = await scenario.VerifyAsync(each.Member, each.Order.Text);
            var second = await scenario.VerifyAsync(each.Member, each.Order.Text);
            Assert.False(each.WasDone && first.IsAccepted, $"{each}");
            Assert.True(first.IsAccepted || first.Reason == RefusalReason.Replayed, $"{each}: {first}");
            Assert.Equal(RefusalReason.Replayed, second.Reason);
        }
    });

    [Theory]
    [MemberData(nameof(StoreScenario.AllEngines), MemberType = typeof(StoreScenario))]
    public Task VerifyAsync_KilledWithARecoveryCode_RepeatsItsAnswerToTheSameAttemptOnly(string engine) => RepeatAsync(engine, async (scenario, kill) =>
    {
        var cases = await CrashAsync(scenario, async (call, moment) =>
            await RecoveryCaseAsync(scenario, call, moment));

        foreach (var (each, i) in cases.Select((each, i) => (each, i + kill)))
        {
            await (i % 2 == 0 ? RepeatThenTryAnotherAsync(scenario, each) : TryAnotherThenRepeatAsync(scenario, each));
        }
    });

    [Theory]
    [MemberData(nameof(StoreScenario.AllEngines), MemberType = typeof(StoreScenario))]
    public Task ResetAsync_AfterAKilledRecovery_KillsTheRepeatingToo(string engine) => RepeatAsync(engine, async (scenario, _) =>
    {
        var cases = await CrashAsync(scenario, async (call, moment) =>
            await RecoveryCaseAsync(scenario, call, moment));

        foreach (var each in cases)
        {
            Assert.True((await scenario.Mfa.ResetAsync(each.Member.User, "lost everything", StoreScenario.Token)).IsDone);
            var repeated = await scenario.VerifyAsync(each.Member, each.Order.Text, AttemptOf(each));
            var other = await scenario.VerifyAsync(each.Member, each.Order.Text);
            Assert.Equal(RefusalReason.NotEnrolled, repeated.Reason);
            Assert.Equal(RefusalReason.NotEnrolled, other.Reason);
        }
    });

    [Theory]
    [MemberData(nameof(StoreScenario.AllEngines), MemberType = typeof(StoreScenario))]
    public Task RegenerateRecoveryCodesAsync_Killed_LeavesTheCodeThatTheUserHolds(string engine) => RepeatAsync(engine, async (scenario, _) =>
    {
        var cases = await CrashAsync(scenario, async (call, moment) =>
        {
            var (member, receipt) = await SignInAsync(scenario);
            return CrashCase.Of(member, CrashFlow.Regenerate, call, moment, receipt.Reveal(), string.Empty);
        });

        foreach (var each in cases)
        {
            var held = each.Told?.RecoveryCode ?? each.Member.RecoveryCode;
            Assert.True((await scenario.VerifyAsync(each.Member, held)).IsAccepted, $"{each}");
            Assert.False((await scenario.VerifyAsync(each.Member, each.Member.RecoveryCode)).IsAccepted, $"{each}");
        }
    });

    [Theory]
    [MemberData(nameof(StoreScenario.AllEngines), MemberType = typeof(StoreScenario))]
    public Task AcknowledgeRecoveryCodesAsync_Killed_LeavesTheNewCode(string engine) => RepeatAsync(engine, async (scenario, _) =>
    {
        var newCodes = new Dictionary<MfaSubject, string>();
        var cases = await CrashAsync(scenario, async (call, moment) =>
        {
            var (member, receipt) = await SignInAsync(scenario);
            var issued = (await scenario.Mfa.RegenerateRecoveryCodesAsync(member.User, MfaProof.FromReceipt(receipt), StoreScenario.Token)).RecoveryCodes!;
            newCodes.Add(member.User, issued.Codes[0].Reveal());
            return CrashCase.Of(member, CrashFlow.Acknowledge, call, moment, string.Empty, $"{issued.Generation}");
        });

        foreach (var each in cases)
        {
            var wasOldCodeAlive = !each.WasDone && (await scenario.Mfa.GetStatusAsync(each.Member.User, StoreScenario.Token)).HasPendingRecoveryCodes;
            Assert.True((await scenario.VerifyAsync(each.Member, newCodes[each.Member.User])).IsAccepted, $"{each}, {wasOldCodeAlive}");
            Assert.False((await scenario.VerifyAsync(each.Member, each.Member.RecoveryCode)).IsAccepted, $"{each}");
        }
    });

    [Theory]
    [MemberData(nameof(StoreScenario.AllEngines), MemberType = typeof(StoreScenario))]
    public Task ConfirmEnrollmentAsync_Killed_BindsOnceAndLeavesAWayToNewCodes(string engine) => RepeatAsync(engine, async (scenario, _) =>
    {
        var cases = await CrashAsync(scenario, async (call, moment) =>
        {
            var user = scenario.NewUser();
            var offer = await scenario.Mfa.BeginEnrollmentAsync(user, "alice@example.com", null, StoreScenario.Token);
            var phone = Testing.VirtualAuthenticator.Scan(offer.Uri!.Reveal(), scenario.Clock);
            return CrashCase.Of(new Member(user, phone, string.Empty, default), CrashFlow.Confirm, call, moment, phone.GetCode(), $"{offer.EnrollmentId}");
        });

        foreach (var each in cases)
        {
            await ConfirmAgainAsync(scenario, each);
        }
    });

    private static async Task ConfirmAgainAsync(StoreScenario scenario, CrashCase each)
    {
        var isBound = (await scenario.Mfa.GetStatusAsync(each.Member.User, StoreScenario.Token)).IsEnabled;
        Assert.True(isBound || !each.WasDone, $"{each}");
        if (!isBound)
        {
            var confirmed = await scenario.Mfa.ConfirmEnrollmentAsync(each.Member.User, Guid.Parse(each.Order.Id), each.Order.Text, StoreScenario.Token);
            Assert.Equal(MfaChangeOutcome.Done, confirmed.Outcome);
        }

        Assert.Equal(RefusalReason.Replayed, (await scenario.VerifyAsync(each.Member, each.Order.Text)).Reason);
        var signedIn = await scenario.VerifyAsync(each.Member, each.Member.Phone.GetCodeAt(scenario.Clock.GetUtcNow() + TimeSpan.FromSeconds(30)));
        Assert.True(signedIn.IsAccepted, $"{each}: {signedIn}");
        var regenerated = await scenario.Mfa.RegenerateRecoveryCodesAsync(each.Member.User, MfaProof.FromReceipt(signedIn.Receipt!), StoreScenario.Token);
        Assert.True((await scenario.VerifyAsync(each.Member, regenerated.RecoveryCodes!.Codes[0].Reveal())).IsAccepted, $"{each}");
    }

    private static async Task<CrashCase> RecoveryCaseAsync(StoreScenario scenario, int call, CrashMoment moment)
    {
        var member = await scenario.EnrollAsync();
        return CrashCase.Of(member, CrashFlow.Recovery, call, moment, member.RecoveryCode, $"{scenario.Mfa.BeginAttempt()}");
    }

    private static async Task<(Member Member, MfaReceipt Receipt)> SignInAsync(StoreScenario scenario)
    {
        var member = await scenario.EnrollAsync();
        var signedIn = await scenario.VerifyAsync(member, member.Phone.GetCodeAt(scenario.Clock.GetUtcNow() + TimeSpan.FromSeconds(30)));
        return (member, signedIn.Receipt!);
    }

    private static AttemptId AttemptOf(CrashCase each) => AttemptId.TryParse(each.Order.Id, out var attempt) ? attempt : throw new FormatException();

    // The page is sent again: whatever the dead process did, the person ends with a code that works, and the old one is dead.
    private static async Task RepeatThenTryAnotherAsync(StoreScenario scenario, CrashCase each)
    {
        var repeated = await scenario.VerifyAsync(each.Member, each.Order.Text, AttemptOf(each));
        Assert.True(repeated.IsAccepted, $"{each}: {repeated}");
        var held = repeated.ReplacementRecoveryCodes!.Codes[0].Reveal();
        Assert.True(each.Told?.RecoveryCode is null || each.Told.RecoveryCode == held, $"{each}");
        Assert.False((await scenario.VerifyAsync(each.Member, each.Order.Text)).IsAccepted, $"{each}");
        Assert.True((await scenario.VerifyAsync(each.Member, held)).IsAccepted, $"{each}");
        Assert.False((await scenario.VerifyAsync(each.Member, each.Order.Text)).IsAccepted, $"{each}");
    }

    // Another sign-in with the old code comes first: it is accepted where the dead process had not consumed it, and once only.
    private static async Task TryAnotherThenRepeatAsync(StoreScenario scenario, CrashCase each)
    {
        var other = await scenario.VerifyAsync(each.Member, each.Order.Text);
        var repeated = await scenario.VerifyAsync(each.Member, each.Order.Text, AttemptOf(each));
        Assert.False(other.IsAccepted && (each.WasDone || repeated.IsAccepted), $"{each}");
        var answered = other.IsAccepted ? other : repeated;
        Assert.True(answered.IsAccepted, $"{each}: {other}, {repeated}");
        Assert.True((await scenario.VerifyAsync(each.Member, answered.ReplacementRecoveryCodes!.Codes[0].Reveal())).IsAccepted, $"{each}");
    }
}
