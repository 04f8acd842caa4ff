using System.Text.RegularExpressions;

namespace Callroute.Mfa.Packages.Tests.Docs;

/// <summary>A reader can find everything that a file refers to. No file refers to a list or a decision outside the repository.</summary>
public sealed partial class OutsideReferenceTests
{
    [GeneratedRegex(@"\bB-\d+|\bBars? B\b|(?<!\[[^\]]*)\bDecisions? \d+\b|\b(issue|question) \d+\b", RegexOptions.IgnoreCase)]
    private static partial Regex Outside { get; }

    [Fact]
    public void Text_EveryFile_RefersToNothingOutsideTheRepository()
    {
        var found = from path in RepositoryFiles.WithExtension(".cs", ".md", ".yml", ".yaml", ".sh", ".csproj", ".props")
                    where !path.EndsWith($"{nameof(OutsideReferenceTests)}.cs", StringComparison.Ordinal)
                    from line in Repository.Read(path).Split('\n').Select((text, i) => (Text: text, Number: i + 1))
                    where Outside.IsMatch(line.Text)
                    select $"{path}:{line.Number}: {line.Text.Trim()}";

        RepositoryFiles.AssertNone(found);
    }

    [Theory]
    [InlineData("the bar B-07 holds", true)]
    [InlineData("// Decision 14: refunded", true)]
    [InlineData("as in issue 51", true)]
    [InlineData("see [decision 4](decisions/0004-throttling.md)", false)]
    [InlineData("SUB-12 and 3 decisions", false)]
    public void Reference_ToANumber_IsFoundUnlessItIsALink(string line, bool isFound) => Assert.Equal(isFound, Outside.IsMatch(line));
}
