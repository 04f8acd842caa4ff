namespace Callroute.Mfa.Samples.Tests;

public sealed class WalkthroughTests
{
    private static readonly string[] Steps = ["Enable", "Sign in", "Replay", "Guess", "Recover", "Change device", "Disable", "History"];

    private static (int ExitCode, string Output, string Error) Run(params string[] arguments) =>
        ExternalProgram.RunAny("dotnet", [BuiltProgram.Of("Walkthrough"), .. arguments]);

    private static void AssertPlayed((int ExitCode, string Output, string Error) run)
    {
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.All(Steps, step => Assert.Contains($". {step} ", run.Output, StringComparison.Ordinal));
        Assert.Contains("Every step behaved as it should", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("✗", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Walkthrough_Auto_PlaysThrough() => AssertPlayed(Run("--auto"));

    [Fact]
    public void Walkthrough_WithoutATerminal_PlaysByItself() => AssertPlayed(Run());

    [Fact]
    public void Walkthrough_UnknownArgument_IsOneLineAndExitCodeTwo()
    {
        var run = Run("--fast");

        Assert.Equal((2, string.Empty, "Usage: Walkthrough [--auto]\n"), run);
    }

    [Fact]
    public void Walkthrough_NativeAot_PublishesWithoutWarningsAndPlays()
    {
        NativeAotPublish.Require();

        var program = NativeAotPublish.Executable("samples/Walkthrough");

        AssertPlayed(ExternalProgram.RunAny(program, ["--auto"]));
    }
}
