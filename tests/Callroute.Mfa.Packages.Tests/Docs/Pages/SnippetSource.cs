namespace Callroute.Mfa.Packages.Tests.Docs.Pages;

/// <summary>
/// Reads the source of a block: a whole file, or a region of it between <c>// &lt;name&gt;</c> and <c>// &lt;/name&gt;</c>.
/// </summary>
internal static class SnippetSource
{
    /// <param name="reference">A path in the repository, such as <c>samples/QuickStart/Program.cs</c>; with <c>#name</c> a region.</param>
    /// <returns>The text without its common indentation and without the last line's end; or the fault of the reference.</returns>
    public static (string? Text, string? Error) Read(string reference)
    {
        var (path, region) = reference.Split('#') switch
        {
            [var file] => (file, null),
            [var file, var name] => (file, name),
            _ => (reference, null),
        };
        if (!File.Exists(Path.Combine(Repository.Root, path)))
        {
            return (null, $"there is no file '{path}'");
        }

        var lines = Repository.Read(path).TrimEnd('\n').Split('\n');
        return region is null ? (string.Join('\n', lines.Where(line => !IsMarker(line))), null) : ReadRegion(lines, path, region);
    }

    // Markers are for regions: a whole file is shown without them.
    private static bool IsMarker(string line) =>
        line.Trim() is ['/', '/', ' ', '<', .. var name, '>'] && name.TrimStart('/').All(c => char.IsAsciiLetterLower(c) || c == '-');

    private static (string? Text, string? Error) ReadRegion(string[] lines, string path, string region)
    {
        var start = Array.FindIndex(lines, line => line.Trim() == $"// <{region}>");
        var end = Array.FindIndex(lines, line => line.Trim() == $"// </{region}>");
        return start < 0 || end < start
            ? (null, $"'{path}' has no lines '// <{region}>' and '// </{region}>'")
            : (string.Join('\n', Dedent(lines[(start + 1)..end])), null);
    }

    private static IEnumerable<string> Dedent(string[] lines)
    {
        var indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return lines.Select(line => line.Length == 0 ? line : line[indent..]);
    }
}
