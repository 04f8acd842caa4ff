using Callroute.Mfa.Tests.Docs.Pages;

namespace Callroute.Mfa.Tests.Docs;

/// <summary>What a page shows is a file of this repository, or a part of one, which is compiled and run.</summary>
public sealed class BlockTests
{
    private const string Convention = "Write '<!-- snippet: tests/Callroute.Mfa.Docs.Tests/Snippets/….cs#region -->' on the line before it, naming code that a test runs.";

    private const string Update = "Change the source and set CALLROUTE_UPDATE_SNAPSHOTS=1 for a run of this test, which writes the block anew.";

    public static TheoryData<string> Pages => [.. Page.Paths];

    [Theory]
    [MemberData(nameof(Pages))]
    public void CodeBlock_EveryOne_IsItsSource(string path)
    {
        if (Environment.GetEnvironmentVariable("CALLROUTE_UPDATE_SNAPSHOTS") == "1")
        {
            Rewrite(Page.Read(path));
        }

        var wrong = Page.Read(path).FencedBlocks.Select(Check).OfType<string>().ToArray();

        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    private static string? Check(FencedBlock block)
    {
        if (block.Source is not { } source)
        {
            return block.Language == "csharp" ? $"{block.Place}: the block names no source. {Convention}" : null;
        }

        return SnippetSource.Read(source) switch
        {
            { Error: { } error } => $"{block.Place}: {error}.",
            { Text: var text } when text != block.Content => $"{block.Place}: the block is not what '{source}' holds. {Update}",
            _ => null,
        };
    }

    // From the last block to the first, so that the lines of those before stay where they are.
    private static void Rewrite(Page page)
    {
        IEnumerable<string> lines = page.Text.Split('\n');
        foreach (var block in page.FencedBlocks.Reverse())
        {
            if (block.Source is { } source && SnippetSource.Read(source).Text is { } text && text != block.Content)
            {
                lines = block.Replace(lines, text);
            }
        }

        File.WriteAllText(Path.Combine(Repository.Root, page.Path), string.Join('\n', lines));
    }
}
