using Callroute.Mfa.Tests.Docs.Pages;

namespace Callroute.Mfa.Tests.Docs;

/// <summary>Links lead somewhere, and what is named in code is there. Nothing is asked of the network.</summary>
public sealed class LinkTests
{
    // A path of this repository begins with one of these.
    private static readonly string[] Folders = ["src/", "tests/", "samples/", "benchmarks/", "docs/", ".github/"];

    public static TheoryData<string> Pages => [.. Page.Paths];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Link_EveryOne_LeadsSomewhere(string path)
    {
        var page = Page.Read(path);

        var wrong = page.Links.Select(link => (link.Line, Problem: Check(page, link.Target))).Where(link => link.Problem is not null);

        Assert.Empty(wrong.Select(link => $"{path}:{link.Line}: {link.Problem}"));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Code_PathsOfTheRepository_Exist(string path)
    {
        var named = Page.Read(path).Commands.SelectMany(command => PathsIn(command.Code).Select(file => (File: file, command.Line)));

        var missing = named.Where(name => !Exists(name.File));

        Assert.Empty(missing.Select(name => $"{path}:{name.Line}: there is no '{name.File}' in the repository. Name what is there."));
    }

    private static string? Check(Page page, string target)
    {
        if (target.Contains("://", StringComparison.Ordinal))
        {
            return Uri.TryCreate(target, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.IsLoopback)
                ? null
                : $"'{target}' is no https address.";
        }

        var (path, anchor) = target.Split('#', 2) is [var before, var after] ? (before, after) : (target, null);
        var file = path.Length == 0 ? page.Path : Resolve(page.Path, path);
        return !Exists(file) ? $"there is no '{file}'. Correct the link '{target}'."
            : anchor is not null && !Page.Read(file).Anchors.Contains(anchor) ? $"'{file}' has no heading '#{anchor}'. It has: {string.Join(", ", Page.Read(file).Anchors)}."
            : null;
    }

    private static string Resolve(string from, string to) =>
        Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(from)!, to))).Replace('\\', '/');

    private static IEnumerable<string> PathsIn(string code) => code
        .Split([' ', '\'', '"', '(', ')', ';', ',', '`'], StringSplitOptions.RemoveEmptyEntries)
        .Where(word => Folders.Any(folder => word.StartsWith(folder, StringComparison.Ordinal)))
        .Select(word => word.TrimEnd('/', '.', ':'));

    // "tests/*/Issues" is there where one of its kind is.
    private static bool Exists(string path)
    {
        if (!path.Contains('*', StringComparison.Ordinal))
        {
            return Path.Exists(Path.Combine(Repository.Root, path));
        }

        var (folder, pattern) = (path[..path.LastIndexOf('/', path.IndexOf('*', StringComparison.Ordinal))], path.Split('/')[^1]);
        return Directory.EnumerateFileSystemEntries(Path.Combine(Repository.Root, folder), pattern, SearchOption.AllDirectories).Any();
    }
}
