namespace Callroute.Mfa.Packages.Tests.Docs.Pages;

/// <summary>Compares the blocks of a page with their sources, and rewrites blocks that differ.</summary>
internal static class BlockCheck
{
    private const string Convention =
        "Write '<!-- snippet: tests/Callroute.Mfa.Packages.Tests/Docs/Snippets/….cs#region -->' on the line before: code that a test runs.";

    private const string Update = "Change the source. Then run this test with CALLROUTE_UPDATE_SNAPSHOTS=1, which updates the block.";

    /// <returns>The faults, with file, line and remedy.</returns>
    public static IEnumerable<string> FindProblems(Page page) => page.FencedBlocks.Select(Check).OfType<string>();

    /// <returns>The text of the page with every block replaced by its source.</returns>
    public static string Rewrite(Page page)
    {
        // From the last block to the first, so that line numbers stay valid.
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
