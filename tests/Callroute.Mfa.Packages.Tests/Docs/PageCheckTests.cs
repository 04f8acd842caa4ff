using Callroute.Mfa.Packages.Tests.Docs.Pages;

namespace Callroute.Mfa.Packages.Tests.Docs;

/// <summary>The checks of the pages find the faults that they look for.</summary>
public sealed class PageCheckTests
{
    private const string Source = "tests/Callroute.Mfa.Packages.Tests/Docs/Snippets/Incidents.cs#reset";

    private const string Right = "var reset = await mfa.ResetAsync(alice, reason: \"identity proved at the help desk, ticket 4711\");";

    [Theory]
    [InlineData("```csharp\nvar x = 1;\n```", "docs/x.md:3: the block names no source.")]
    [InlineData($"<!-- snippet: {Source} -->\n```csharp\nvar x = 1;\n```", $"docs/x.md:4: the block is not what '{Source}' holds.")]
    [InlineData($"<!-- snippet: {Source}\n -->\n\ntext\n\n```csharp\n{Right}\n```", "docs/x.md:8: the block names no source.")]
    [InlineData("<!-- snippet: nowhere.cs -->\n```csharp\nvar x = 1;\n```", "docs/x.md:4: there is no file 'nowhere.cs'.")]
    [InlineData(
        "<!-- snippet: samples/QuickStart/Program.cs#none -->\n```csharp\nvar x = 1;\n```",
        "docs/x.md:4: 'samples/QuickStart/Program.cs' has no lines '// <none>'")]
    [InlineData(
        "<!-- snippet: samples/Worker/appsettings.json -->\n```json\n{}\n```",
        "docs/x.md:4: the block is not what 'samples/Worker/appsettings.json' holds.")]
    public void Block_NotItsSource_IsFound(string markdown, string expected) =>
        Assert.StartsWith(expected, Assert.Single(BlockCheck.FindProblems(Of(markdown))), StringComparison.Ordinal);

    [Theory]
    [InlineData($"<!-- snippet: {Source} -->\n```csharp\n{Right}\n```")]
    [InlineData("```\ndotnet run\n```")]
    public void Block_ItsSourceOrNoCSharp_IsRight(string markdown) => Assert.Empty(BlockCheck.FindProblems(Of(markdown)));

    [Fact]
    public void Rewrite_BlocksThatDiffer_BecomeTheirSources()
    {
        var page = Of($"<!-- snippet: {Source} -->\n```csharp\na\nb\n```\n\ntext\n\n<!-- snippet: {Source} -->\n```csharp\n```\nend");

        var block = $"<!-- snippet: {Source} -->\n```csharp\n{Right}\n```";
        Assert.Equal($"# Page\n\n{block}\n\ntext\n\n{block}\nend", BlockCheck.Rewrite(page));
    }

    [Fact]
    public void Source_WholeFile_IsShownWithoutMarkers()
    {
        var text = SnippetSource.Read("samples/MinimalApi/Program.cs").Text;

        Assert.DoesNotContain("// <", text, StringComparison.Ordinal);
        Assert.Contains("AddCallrouteMfa", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[a](nowhere.md)", "docs/x.md:3: there is no 'docs/nowhere.md'.")]
    [InlineData("![a](../nowhere.svg)", "docs/x.md:3: there is no 'nowhere.svg'.")]
    [InlineData("[a](#nowhere)", "docs/x.md:3: 'docs/x.md' has no heading '#nowhere'.")]
    [InlineData("[a](stores.md#nowhere)", "docs/x.md:3: 'docs/stores.md' has no heading '#nowhere'.")]
    [InlineData("[a](http://example.com)", "docs/x.md:3: 'http://example.com' is no https address.")]
    [InlineData("<https://>", "docs/x.md:3: 'https://' is no https address.")]
    public void Link_ThatLeadsNowhere_IsFound(string markdown, string expected) =>
        Assert.StartsWith(expected, Assert.Single(LinkCheck.FindDeadLinks(Of(markdown))), StringComparison.Ordinal);

    [Theory]
    [InlineData("[a](stores.md#entity-framework-core) [b](../README.md) [c](decisions) [d](#page) [e](https://example.com/x)")]
    public void Link_ThatLeadsSomewhere_IsRight(string markdown) => Assert.Empty(LinkCheck.FindDeadLinks(Of(markdown)));

    [Theory]
    [InlineData(
        "```\ntests/run.sh\ndotnet run --project samples/Nowhere\n```",
        "docs/x.md:5: there is no 'samples/Nowhere' in the repository.")]
    [InlineData("Run `tests/nothing.sh`.", "docs/x.md:3: there is no 'tests/nothing.sh' in the repository.")]
    public void Path_ThatIsNotThere_IsFound(string markdown, string expected) =>
        Assert.StartsWith(expected, Assert.Single(LinkCheck.FindMissingPaths(Of(markdown))), StringComparison.Ordinal);

    private static Page Of(string markdown) => new("docs/x.md", $"# Page\n\n{markdown}");
}
