namespace Callroute.Mfa.Packages.Tests;

public sealed class ConsoleTests(PackedFeed feed)
{
    [Fact]
    public void Console_NativeAotUnderTheStrictestRules_PublishesWithoutWarningsAndRuns()
    {
        NativeAotPublish.Require();

        var output = ExternalProgram.Run(Path.Combine(feed.Publish("Console"), "Console"), []);

        Assert.Contains("█", output, StringComparison.Ordinal);
        Assert.EndsWith("used to enrol: refused\nfresh: accepted\nfresh again: refused\nrecovery: accepted\nrecovery again: refused\n", output, StringComparison.Ordinal);
    }
}
