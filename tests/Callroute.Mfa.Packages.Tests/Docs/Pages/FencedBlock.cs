using Markdig.Syntax;

namespace Callroute.Mfa.Packages.Tests.Docs.Pages;

/// <summary>A fenced code block of a page, with the comment before it that names its source.</summary>
internal sealed class FencedBlock(Page page, FencedCodeBlock block)
{
    private const string CommentStart = "<!-- snippet:";
    private const string CommentEnd = "-->";

    public string Place => $"{page.Path}:{Line}";

    /// <summary>The line of the fence, from 1.</summary>
    public int Line => block.Line + 1;

    public string Language => block.Info ?? string.Empty;

    public bool IsShell => Language is "" or "sh" or "bash" or "shell";

    public string Content => block.Lines.ToString();

    /// <summary>The source that the comment on the line before names; null if there is none.</summary>
    public string? Source
    {
        get
        {
            var siblings = block.Parent!;
            var index = siblings.IndexOf(block);
            var comment = index > 0 && siblings[index - 1] is HtmlBlock html ? html.Lines.ToString().Trim() : string.Empty;
            return comment.StartsWith(CommentStart, StringComparison.Ordinal) && comment.EndsWith(CommentEnd, StringComparison.Ordinal)
                ? comment[CommentStart.Length..^CommentEnd.Length].Trim()
                : null;
        }
    }

    /// <summary>The lines of the page with another content in this block.</summary>
    public IEnumerable<string> Replace(IEnumerable<string> lines, string content)
    {
        var all = lines.ToArray();
        var indent = new string(' ', block.Column);
        var replaced = content.Split('\n').Select(line => line.Length == 0 ? line : indent + line);
        return [.. all[..Line], .. replaced, .. all[(Line + block.Lines.Count)..]];
    }
}
