using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Callroute.Mfa.Core.Tests.Model;

public sealed class LifeCycleTests
{
    private const int Commands = 22;

    private static readonly int Sequences =
        int.Parse(Environment.GetEnvironmentVariable("CALLROUTE_MODEL_SEQUENCES") ?? "10000", CultureInfo.InvariantCulture);

    // Without these checks, sequences without any change would agree with any model.
    private static HashSet<string> Expected =>
    [
        "First authenticator", "Second authenticator", "Lockout lifted", "Answer repeated", "Answer no longer repeated",
        "Totp Succeeded (Totp)", "Totp Refused (WrongCode)", "Totp Refused (Replayed)", "Totp Refused (ClockBehind)",
        "Totp Refused (Throttled)", "Totp Refused (LockedOut)",
        "Recovery active Succeeded (RecoveryCode)", "Recovery active Refused (Throttled)", "Recovery pending Succeeded (RecoveryCode)",
        "Recovery invalid Refused (WrongCode)", "Recovery invalid Refused (Throttled)",
        "Begin Succeeded", "Begin ProofRequired", "Begin ProofRefused", "Begin LimitReached",
        "Confirm Succeeded", "Confirm WrongCode", "Confirm Expired",
        "Disable Succeeded", "Disable ProofRequired", "Disable ProofRefused", "Disable NotEnrolled",
    ];

    [Fact]
    public void RunAsync_RandomCommands_BehaveAsTheModel()
    {
        var commands = Gen.Choose(0, Commands - 1).Zip(Gen.Choose(0, 23)).Select(pair => new Command(pair.Item1, pair.Item2));
        var sequences = commands.ListOf().Where(sequence => sequence.Count <= 60).ToArbitrary();

        var reached = new HashSet<string>();
        Prop.ForAll(sequences, sequence => RunAsync(sequence, reached).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Sequences).WithEndSize(60));

        Assert.Empty(Expected.Except(reached));
    }

    private static async Task<bool> RunAsync(IEnumerable<Command> sequence, HashSet<string> reached)
    {
        var run = new LifeCycle();
        await run.RunAsync(0, 0);
        await run.RunAsync(1, 0);
        foreach (var command in sequence)
        {
            await run.RunAsync(command.Kind, command.Choice);
        }

        reached.UnionWith(run.Reached);
        return true;
    }

    private sealed record Command(int Kind, int Choice);
}
