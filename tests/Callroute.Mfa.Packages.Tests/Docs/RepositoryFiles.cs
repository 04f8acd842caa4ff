namespace Callroute.Mfa.Packages.Tests.Docs;

/// <summary>The text files of the repository, without the output of builds and tools.</summary>
internal static class RepositoryFiles
{
    private static readonly string[] NotOurs = ["artifacts", "bin", "obj", "node_modules", "TestResults", "StrykerOutput"];

    public static IEnumerable<string> WithExtension(params string[] extensions) =>
        from path in Below(Repository.Root)
        where extensions.Contains(Path.GetExtension(path))
        select Path.GetRelativePath(Repository.Root, path).Replace('\\', '/');

    /// <summary>Asserts that nothing is wrong with the files. Assert.Empty shows only the first of the problems.</summary>
    public static void AssertNone(IEnumerable<string> problems)
    {
        var text = string.Join('\n', problems);
        Assert.True(text.Length == 0, text);
    }

    private static IEnumerable<string> Below(string folder) =>
    [
        .. Directory.EnumerateFiles(folder),
        .. Directory.EnumerateDirectories(folder).Where(IsOurs).SelectMany(Below),
    ];

    private static bool IsOurs(string folder) =>
        Path.GetFileName(folder) is var name && !NotOurs.Contains(name) && (name == ".github" || !name.StartsWith('.'));
}
