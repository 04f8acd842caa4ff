using System.Text.RegularExpressions;

namespace Callroute.Mfa.Core.Tests.Architecture;

/// <summary>Finds the folder of Core that declares a type. A namespace may span folders, so the sources are read.</summary>
internal static partial class SourceFolders
{
    private static readonly string Core = Path.Combine(Repository.Root, "src", "Callroute.Mfa.Core");
    private static readonly Dictionary<string, string> Folders = Read();

    /// <returns>The folder directly below Core, or an empty text for the root.</returns>
    public static string Of(Type type) =>
        type.DeclaringType is { } outer ? Of(outer) : Folders[type.Name.Split('`')[0]];

    private static Dictionary<string, string> Read()
    {
        var declarations =
            from path in Directory.GetFiles(Core, "*.cs", SearchOption.AllDirectories)
            let parts = Path.GetRelativePath(Core, path).Split(Path.DirectorySeparatorChar)
            where parts[0] is not ("obj" or "bin")
            from Match declared in Declaration().Matches(File.ReadAllText(path))
            select (Name: declared.Groups["name"].Value, Folder: parts.Length > 1 ? parts[0] : string.Empty);
        return declarations.Distinct().ToDictionary(d => d.Name, d => d.Folder);
    }

    [GeneratedRegex(
        @"^(?:public|internal) (?:[\w<>?]+ )*?(?:(?:class|struct|record|interface|enum) |delegate [\w<>?]+ )(?<name>(?!struct\b)\w+)",
        RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
