using System.Text.RegularExpressions;

namespace Callroute.Mfa.Tests.Packages;

/// <summary>The README of a package.</summary>
internal sealed partial class Readme
{
    private Readme(string text) => Text = text;

    public string Text { get; }

    /// <summary>Its example, a whole program.</summary>
    public string Example => CodeBlock.Match(Text) is { Success: true } match ? match.Groups[1].Value : throw new InvalidDataException("The README has no example.");

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock { get; }

    public static Readme Of(string package) => new(Repository.Read(Path.Combine("src", package, "README.md")));
}
