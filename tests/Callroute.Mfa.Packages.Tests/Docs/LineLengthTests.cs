using Callroute.Mfa.Packages.Tests.Docs.Pages;

namespace Callroute.Mfa.Packages.Tests.Docs;

/// <summary>Lines end at 140 columns, so that two files fit side by side on a screen.</summary>
public sealed class LineLengthTests
{
    private const int Columns = 140;

    public static TheoryData<string> Pages => [.. RepositoryFiles.WithExtension(".md")];

    [Fact]
    public void CSharpLine_EveryOne_EndsAt140Columns() => RepositoryFiles.AssertNone(
        RepositoryFiles.WithExtension(".cs").SelectMany(path => LongLines(path, Repository.Read(path).Split('\n'))));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Prose_EveryLine_EndsAt140Columns(string path) => RepositoryFiles.AssertNone(LongLines(path, Page.Read(path).Prose));

    [Fact]
    public void Prose_OfAPage_IsItsParagraphsAndListsOnly()
    {
        var page = new Page("docs/x.md", """
            # Heading

            text
            [link](https://example.com)

            - item

            ```
            code
            ```

            | table |
            |---|
            | cell |
            """);

        Assert.Equal(["text", "- item"], page.Prose.Where(line => line.Length > 0));
        Assert.Equal("text", page.Prose.ElementAt(2));
    }

    private static IEnumerable<string> LongLines(string path, IEnumerable<string> lines) => lines
        .Select((line, i) => (Text: line, Number: i + 1))
        .Where(line => line.Text.Length > Columns)
        .Select(line => $"{path}:{line.Number}: {line.Text.Length} columns. Break the line.");
}
