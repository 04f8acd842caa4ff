using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Callroute.Mfa.Core.Tests.Model;

public sealed class LifeCycleTests
{
    private const int Commands = 22;

    private static readonly int Sequences =
        int.Parse(Environment.GetEnvironmentVariable("CALLROUTE_MODEL_SEQUENCES") ?? "10000", CultureInfo.InvariantCulture);

    // A machine that never gets anywhere agrees with every model.
    private static HashSet<string> Expected =>
    [
        "First authenticator", "Second authenticator", "Suspension lifted", "Redelivered", "Redelivery over",
        "Totp Accepted (Totp)", "Totp Refused (WrongCode)", "Totp Refused (Replayed)", "Totp Refused (ClockBehind)",
        "Totp Refused (Throttled)", "Totp Refused (LockedOut)",
        "Recovery active Accepted (RecoveryCode)", "Recovery active Refused (Throttled)", "Recovery pending Accepted (RecoveryCode)",
        "Recovery dead Refused (WrongCode)", "Recovery dead Refused (Throttled)",
        "Begin Done", "Begin ProofRequired", "Begin ProofRefused", "Begin LimitReached",
        "Confirm Done", "Confirm WrongCode", "Confirm Expired",
        "Disable Done", "Disable ProofRequired", "Disable ProofRefused", "Disable NotEnrolled",
    ];

    [Fact]
    public void RunAsync_RandomLives_BehaveAsTheModel()
    {
        var commands = Gen.Choose(0, Commands - 1).Zip(Gen.Choose(0, 23)).Select(pair => new Command(pair.Item1, pair.Item2));
        var lives = commands.ListOf().Where(life => life.Count <= 60).ToArbitrary();

        var seen = new HashSet<string>();
        Prop.ForAll(lives, life => RunAsync(life, seen).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Sequences).WithEndSize(60));

        Assert.Empty(Expected.Except(seen));
    }

    private static async Task<bool> RunAsync(IEnumerable<Command> life, HashSet<string> seen)
    {
        var run = new LifeCycle();
        await run.RunAsync(0, 0);
        await run.RunAsync(1, 0);
        foreach (var command in life)
        {
            await run.RunAsync(command.Kind, command.Choice);
        }

        seen.UnionWith(run.Seen);
        return true;
    }

    private sealed record Command(int Kind, int Choice);
}
