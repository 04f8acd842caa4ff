namespace Callroute.Mfa.Packages.Tests.Docs.Pages;

/// <summary>Whether the blocks of a page are their sources, and writing them anew where they are not.</summary>
internal static class BlockCheck
{
    private const string Convention = "Write '<!-- snippet: tests/Callroute.Mfa.Packages.Tests/Docs/Snippets/….cs#region -->' on the line before it, naming code that a test runs.";

    private const string Update = "Change the source and set CALLROUTE_UPDATE_SNAPSHOTS=1 for a run of this test, which writes the block anew.";

    /// <returns>What is wrong, with file, line and what to do.</returns>
    public static IEnumerable<string> FindProblems(Page page) => page.FencedBlocks.Select(Check).OfType<string>();

    /// <returns>The page's text with every block as its source is. From the last to the first, so that the lines before stay where they are.</returns>
    public static string Rewrite(Page page)
    {
        IEnumerable<string> lines = page.Text.Split('\n');
        foreach (var block in page.FencedBlocks.Reverse())
        {
            if (block.Source is { } source && SnippetSource.Read(source).Text is { } text && text != block.Content)
            {
                lines = block.Replace(lines, text);
            }
        }

        return string.Join('\n', lines);
    }

    private static string? Check(FencedBlock block)
    {
        if (block.Source is not { } source)
        {
            return block.Language == "csharp" ? $"{block.Place}: the block names no source. {Convention}" : null;
        }

        return SnippetSource.Read(source) switch
        {
            { Error: { } error } => $"{block.Place}: {error}. {Convention}",
            { Text: var text } when text != block.Content => $"{block.Place}: the block is not what '{source}' holds. {Update}",
            _ => null,
        };
    }
}
