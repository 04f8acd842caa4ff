using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Extensions.Tables;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Callroute.Mfa.Packages.Tests.Docs.Pages;

/// <summary>A page of the documentation, read as Markdown.</summary>
internal sealed class Page
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables()
        .UseAutoIdentifiers(AutoIdentifierOptions.GitHub)
        .UsePreciseSourceLocation()
        .Build();

    private readonly MarkdownDocument _document;

    public Page(string path, string text) => (Path, Text, _document) = (path, text, Markdown.Parse(text, Pipeline));

    /// <summary>Every page of the documentation, below the root of the repository.</summary>
    public static IReadOnlyList<string> Paths { get; } = ["README.md", .. PathsBelow("docs"), .. PathsBelow(".github")];

    /// <summary>The path below the root of the repository.</summary>
    public string Path { get; }

    public string Text { get; }

    public IEnumerable<FencedBlock> FencedBlocks => _document.Descendants<FencedCodeBlock>().Select(block => new FencedBlock(this, block));

    /// <summary>The targets of links and pictures, and their lines.</summary>
    public IEnumerable<(string Target, int Line)> Links =>
    [
        .. _document.Descendants<LinkInline>().Select(link => (link.Url ?? string.Empty, link.Line + 1)),
        .. _document.Descendants<AutolinkInline>().Select(link => (link.Url, link.Line + 1)),
    ];

    /// <summary>The possible targets of a link: the names that GitHub gives to headings.</summary>
    public IReadOnlySet<string> Anchors =>
        _document.Descendants<HeadingBlock>().Select(h => h.GetAttributes().Id ?? string.Empty).ToHashSet(StringComparer.Ordinal);

    /// <summary>Text that a reader may run or look up, with its line: inline code, and the lines of shell blocks.</summary>
    public IEnumerable<(string Code, int Line)> Commands =>
    [
        .. _document.Descendants<CodeInline>().Select(code => (code.Content, code.Line + 1)),
        .. FencedBlocks
            .Where(block => block.IsShell)
            .SelectMany(block => block.Content.Split('\n').Select((code, i) => (code, block.Line + 1 + i))),
    ];

    /// <summary>The lines of the page. Lines that cannot break are empty: headings, tables, code, HTML, and lines with a link.</summary>
    public IEnumerable<string> Prose
    {
        get
        {
            var breakable = _document.Descendants<ParagraphBlock>()
                .Where(paragraph => paragraph.Parent is not TableCell && !IsGenerated(paragraph))
                .SelectMany(LinesOf)
                .Except(Links.Select(link => link.Line - 1))
                .ToHashSet();
            return Text.Split('\n').Select((line, i) => breakable.Contains(i) ? line : string.Empty);
        }
    }

    public static Page Read(string path) => new(path, Repository.Read(path));

    private IEnumerable<int> LinesOf(ParagraphBlock paragraph) =>
        Enumerable.Range(paragraph.Line, Text.AsSpan(paragraph.Span.Start, paragraph.Span.Length).Count('\n') + 1);

    // The report of the benchmarks writes the line below its comment.
    private static bool IsGenerated(ParagraphBlock paragraph) =>
        paragraph.Parent is { } parent
        && parent.IndexOf(paragraph) is var index and > 0
        && parent[index - 1] is HtmlBlock html
        && html.Lines.ToString().StartsWith("<!-- benchmarks:", StringComparison.Ordinal);

    private static IEnumerable<string> PathsBelow(string folder) => Directory
        .EnumerateFiles(System.IO.Path.Combine(Repository.Root, folder), "*.md", SearchOption.AllDirectories)
        .Select(file => System.IO.Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
        .Order(StringComparer.Ordinal);
}
