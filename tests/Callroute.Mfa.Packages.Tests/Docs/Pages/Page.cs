using Markdig;
using Markdig.Extensions.AutoIdentifiers;
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

    /// <summary>Links and pictures: where they lead, and their line.</summary>
    public IEnumerable<(string Target, int Line)> Links =>
    [
        .. _document.Descendants<LinkInline>().Select(link => (link.Url ?? string.Empty, link.Line + 1)),
        .. _document.Descendants<AutolinkInline>().Select(link => (link.Url, link.Line + 1)),
    ];

    /// <summary>What a link can lead to: the names that GitHub gives to headings.</summary>
    public IReadOnlySet<string> Anchors =>
        _document.Descendants<HeadingBlock>().Select(heading => heading.GetAttributes().Id ?? string.Empty).ToHashSet(StringComparer.Ordinal);

    /// <summary>Everything that a reader may run or look up, with its line: inline code, and the lines of blocks in no other language than a shell's.</summary>
    public IEnumerable<(string Code, int Line)> Commands =>
    [
        .. _document.Descendants<CodeInline>().Select(code => (code.Content, code.Line + 1)),
        .. FencedBlocks.Where(block => block.IsShell).SelectMany(block => block.Content.Split('\n').Select((code, i) => (code, block.Line + 1 + i))),
    ];

    public static Page Read(string path) => new(path, Repository.Read(path));

    private static IEnumerable<string> PathsBelow(string folder) => Directory
        .EnumerateFiles(System.IO.Path.Combine(Repository.Root, folder), "*.md", SearchOption.AllDirectories)
        .Select(file => System.IO.Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
        .Order(StringComparer.Ordinal);
}
