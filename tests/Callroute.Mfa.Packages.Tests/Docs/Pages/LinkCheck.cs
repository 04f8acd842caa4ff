namespace Callroute.Mfa.Packages.Tests.Docs.Pages;

/// <summary>Checks the links of a page and the paths in its code, without the network.</summary>
internal static class LinkCheck
{
    // A path of this repository begins with one of these.
    private static readonly string[] Folders = ["src/", "tests/", "samples/", "benchmarks/", "docs/", ".github/"];

    /// <returns>The faults, with file, line and remedy.</returns>
    public static IEnumerable<string> FindDeadLinks(Page page) =>
        from link in page.Links
        let problem = Check(page, link.Target)
        where problem is not null
        select $"{page.Path}:{link.Line}: {problem}";

    /// <returns>The same for paths of the repository in commands and in code.</returns>
    public static IEnumerable<string> FindMissingPaths(Page page) =>
        from command in page.Commands
        from file in PathsIn(command.Code)
        where !Exists(file)
        select $"{page.Path}:{command.Line}: there is no '{file}' in the repository. Name what is there.";

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
        return file != page.Path && !Exists(file) ? $"there is no '{file}'. Correct the link '{target}'."
            : anchor is not null && !AnchorsOf(page, file).Contains(anchor)
                ? $"'{file}' has no heading '#{anchor}'. It has: {string.Join(", ", AnchorsOf(page, file))}."
            : null;
    }

    private static IReadOnlySet<string> AnchorsOf(Page page, string file) => file == page.Path ? page.Anchors : Page.Read(file).Anchors;

    private static string Resolve(string from, string to) =>
        Path.GetRelativePath(Repository.Root, Path.Combine(Repository.Root, Path.GetDirectoryName(from)!, to)).Replace('\\', '/');

    private static IEnumerable<string> PathsIn(string code) => code
        .Split([' ', '\'', '"', '(', ')', ';', ',', '`'], StringSplitOptions.RemoveEmptyEntries)
        .Where(word => Folders.Any(folder => word.StartsWith(folder, StringComparison.Ordinal)))
        .Select(word => word.TrimEnd('/', '.', ':'));

    // "tests/*/Operations" exists if one matching path exists.
    private static bool Exists(string path)
    {
        if (!path.Contains('*', StringComparison.Ordinal))
        {
            return Path.Exists(Path.Combine(Repository.Root, path));
        }

        var folder = path[..path.LastIndexOf('/', path.IndexOf('*', StringComparison.Ordinal))];
        var name = path.Split('/')[^1];
        return Directory.EnumerateFileSystemEntries(Path.Combine(Repository.Root, folder), name, SearchOption.AllDirectories).Any();
    }
}
