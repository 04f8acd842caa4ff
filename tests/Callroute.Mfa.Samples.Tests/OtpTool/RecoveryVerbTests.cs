namespace Callroute.Mfa.Samples.Tests.OtpTool;

public sealed class RecoveryVerbTests
{
    private const string CodeForm = "^([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$";

    [Theory]
    [InlineData(1)]
    [InlineData(16, "--count", "16")]
    public void New_Count_PrintsCodesWithHashesOfOneSalt(int count, params string[] options)
    {
        var lines = Tool.Run(["recovery", "new", .. options]).Split('\n').Select(line => line.Split('\t')).ToArray();

        Assert.Equal(count, lines.Select(line => line[0]).Distinct(StringComparer.Ordinal).Count());
        Assert.All(lines, line => Assert.Matches(CodeForm, line[0]));
        Assert.All(lines, line => Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", line[1], StringComparison.Ordinal));
        Assert.Single(lines.Select(line => line[1][..line[1].LastIndexOf('$')]).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public void Check_CodesOfNew_MatchTheirOwnHashes()
    {
        var lines = Tool.Run("recovery", "new", "--count", "2").Split('\n').Select(line => line.Split('\t')).ToArray();

        var own = Tool.RunAny(
            ["recovery", "check", lines[0][0].Replace("-", " ", StringComparison.Ordinal).ToLowerInvariant(), lines[0][1]]);
        var other = Tool.RunAny(["recovery", "check", lines[0][0], lines[1][1]]);

        Assert.Equal((0, "match\n", string.Empty), own);
        Assert.Equal((1, "no match\n", string.Empty), other);
    }
}
