using System.Diagnostics;
using Callroute.Mfa.Samples.Tests;

namespace Callroute.Mfa.Packages.Tests;

public sealed class QuickStartTests(PackedFeed feed)
{
    [Fact]
    public async Task QuickStart_NativeAotUnderTheStrictestRules_PublishesWithoutWarningsAndRuns()
    {
        NativeAotPublish.Require();
        feed.AddSample("QuickStart");

        // CA2007 is for libraries: a console program has no synchronization context.
        var program = feed.Publish("QuickStart", [
            "-p:PublishAot=true", "-p:AnalysisLevel=latest-all", "-p:EnforceCodeStyleInBuild=true", "-p:NoWarn=CA2007",
        ]);

        var fresh = await QuickStartRun.PlayAsync(new ProcessStartInfo(program), isFresh: true);
        var replayed = await QuickStartRun.PlayAsync(new ProcessStartInfo(program), isFresh: false);
        Assert.EndsWith("Sign in:\nWelcome\n", fresh, StringComparison.Ordinal);
        Assert.EndsWith("Sign in:\nWaitUntil\n", replayed, StringComparison.Ordinal);
    }
}
