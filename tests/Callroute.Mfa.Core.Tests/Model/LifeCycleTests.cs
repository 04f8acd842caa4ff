using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Callroute.Mfa.Core.Tests.Model;

public sealed class LifeCycleTests
{
    private const int Commands = 41;

    private static readonly int Sequences =
        int.Parse(Environment.GetEnvironmentVariable("CALLROUTE_MODEL_SEQUENCES") ?? "10000", CultureInfo.InvariantCulture);

    // Without these checks, sequences without any change would agree with any model.
    private static HashSet<string> Expected =>
    [
        "First authenticator", "Another authenticator", "New binding", "Nothing of before is left",
        "Known devices revoked with their lockout",
        "Answer repeated", "Answer ended by time", "Answer ended by acknowledgement", "Answer ended by change", "Answer ended by code",
        "Answer ended by sign-out",
        "Sign-in repeated", "Sign-in ended by time", "Sign-in ended by change", "Sign-in ended by sign-out",
        "Sign-in ended by another code",
        "Confirmation repeated", "Confirmation ended by time", "Confirmation ended by acknowledgement", "Confirmation ended by change",
        "Confirmation ended by code", "Confirmation ended by sign-out", "Confirmation ended by wrong codes",
        "Attempt of before a change", "Receipt ended with its phone", "Receipt ended with its set",
        "Enrolment ended with its phone", "Enrolment ended with its set",
        "Pending codes ended with their phone",
        "Regenerate Succeeded", "Regenerate Throttled", "Acknowledge Succeeded", "Acknowledge NotFound",
        "Clock behind", "Time repaired by a reset", "Time repaired by an unlock",
        "Known device", "Known device that counts as unknown", "Unknown device", "Token that is worth nothing",
        "The oldest device made room",
        "Totp Succeeded (Totp)", "Totp Refused (WrongCode)", "Totp Refused (Replayed)", "Totp Refused (ClockBehind)",
        "Totp Refused (Throttled)", "Totp Refused (LockedOut)", "Totp Refused (AttemptSpent)", "Totp needs a new binding",
        "Recovery active Succeeded (RecoveryCode)", "Recovery active Refused (Throttled)", "Recovery pending Succeeded (RecoveryCode)",
        "Recovery expired Refused (WrongCode)",
        "Recovery invalid Refused (WrongCode)", "Recovery invalid Refused (Throttled)",
        "Allowance used up", "Allowance used up again",
        "Refund of 0 at SignIn", "Refund of 1 at SignIn", "Refund of 4 at SignIn", "Refund of 0 at StepUp", "Refund of 0 at Proof",
        "Begin Succeeded", "Begin ProofRequired", "Begin ProofRefused", "Begin LimitReached", "Begin SignInRequired",
        "Confirm Succeeded", "Confirm WrongCode", "Confirm Expired",
        "Disable Succeeded", "Disable ProofRequired", "Disable ProofRefused", "Disable NotEnrolled", "Disable RequiredByPolicy",
        "Rename Succeeded", "Rename NotFound", "Rename Unavailable",
        "Revoke all Succeeded", "Revoke one Succeeded", "Revoke one NotFound", "Revoke all ProofRequired", "Revoke one ProofRefused",
        "Browser remembered", "Browser not remembered", "Remembered browser accepted",
        "Remembered browser ended by change", "Remembered browser ended by device", "Remembered browser ended by time or lockout",
        "Unlock Succeeded", "Unlock LockedOut", "Unlock NotEnrolled",
        "Import Succeeded", "Import AlreadyImported", "Import AlreadyEnrolled",
        "Import and verify Succeeded (Totp)", "Import and verify Refused (WrongCode)", "Import and verify Refused (Malformed)",
        "Verified without an import",
        "Import codes Succeeded", "Import codes AlreadyImported", "Import codes AlreadyEnrolled", "Import codes NotEnrolled",
        "Recovery imported Succeeded (RecoveryCode)", "Recovery invalid Refused (Malformed)", "Recovery invalid Refused (NotEnrolled)",
        "Told of an enrolment", "Told of an end",
        "none, Optional, no: NotRequired", "none, Optional, yes: Unavailable",
        "none, Required, no: EnrollmentRequired", "none, Required, yes: Unavailable",
        "enrolled, Optional, yes: Required", "enrolled, Required, yes: Required", "enrolled, Optional, no: Required",
        "ended, Optional, no: NotRequired", "ended, Optional, yes: Unavailable",
        "ended, Required, no: EnrollmentRequired", "ended, Required, yes: Unavailable",
        "reset, Optional, no: EnrollmentRequired", "reset, Optional, no: NotRequired",
        "reset, Optional, yes: EnrollmentRequired", "reset, Optional, yes: Unavailable",
        "reset, Required, no: EnrollmentRequired", "reset, Required, yes: EnrollmentRequired", "reset, Required, yes: Unavailable",
    ];

    [Fact]
    public void RunAsync_RandomCommands_BehaveAsTheModel()
    {
        var commands =
            from kind in Gen.Choose(0, Commands - 1)
            from choice in Gen.Choose(0, 23)
            from circumstances in Gen.Choose(0, 143)
            select new Command(kind, choice, circumstances);
        var sequences = commands.ListOf().Where(sequence => sequence.Count <= 60).ToArbitrary();

        // Some cases are rare: go on for a while if chance has left one out.
        var reached = new HashSet<string>();
        for (var round = 0; round < 4 && !Expected.IsSubsetOf(reached); round++)
        {
            Prop.ForAll(sequences, sequence => RunAsync(sequence, reached).GetAwaiter().GetResult())
                .Check(Config.QuickThrowOnFailure.WithMaxTest(Sequences).WithEndSize(60));
        }

        Assert.True(Expected.IsSubsetOf(reached), $"Not reached: {string.Join("; ", Expected.Except(reached))}");
    }

    private static async Task<bool> RunAsync(List<Command> sequence, HashSet<string> reached)
    {
        var run = new LifeCycle(isHostFailing: sequence.Count % 8 == 7);
        int[] first = (sequence.Count % 8) switch
        {
            3 => [37, 39],
            5 => [38, 39],
            _ => [0, 1],
        };
        foreach (var kind in first)
        {
            await run.RunAsync(kind, 0, 0);
        }

        foreach (var command in sequence)
        {
            await run.RunAsync(command.Kind, command.Choice, command.Circumstances);
        }

        reached.UnionWith(run.Reached);
        return true;
    }

    private sealed record Command(int Kind, int Choice, int Circumstances);
}
