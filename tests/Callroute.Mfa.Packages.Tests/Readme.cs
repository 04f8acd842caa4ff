using System.Text.RegularExpressions;

namespace Callroute.Mfa.Packages.Tests;

/// <summary>The README of a package.</summary>
internal sealed partial class Readme
{
    /// <summary>Runs the example that the first argument names. The second argument is its server, if it needs one.</summary>
    public const string ExamplesProgram =
        """await (Task)Type.GetType($"Examples.{args[0]}.Example")!.GetMethod("RunAsync")!.Invoke(null, [args])!;""";

    private Readme(string text) => Text = text;

    /// <summary>A project that references every package.</summary>
    public static string ExamplesProject => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
          </PropertyGroup>
          <ItemGroup>
            <FrameworkReference Include="Microsoft.AspNetCore.App" />
            <Using Include="Microsoft.AspNetCore.Builder;Microsoft.AspNetCore.Http;Microsoft.AspNetCore.Routing" />
            <Using Include="Microsoft.Extensions.DependencyInjection" />
            <Using Include="Callroute.Mfa.MinimalApi" />
            <PackageReference Include="Microsoft.AspNetCore.Identity.EntityFrameworkCore" />
            <PackageReference Include="Microsoft.Data.Sqlite" />
            <PackageReference Include="Microsoft.EntityFrameworkCore.Sqlite" />
            {string.Concat(PackedFeed.Names.Select(name => $"<ProjectReference Include=\"{name.Data}.csproj\" />"))}
          </ItemGroup>
        </Project>
        """;

    public string Text { get; }

    /// <summary>Its example, a whole program of top-level statements.</summary>
    public string Example => CodeBlock.Match(Text) is { Success: true } match
        ? match.Groups[1].Value
        : throw new InvalidDataException("The README has no example.");

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock { get; }

    [GeneratedRegex("^(using [A-Za-z0-9.]+;\n|\n)+")]
    private static partial Regex Usings { get; }

    [GeneratedRegex("^(internal |public )?(sealed )?(record|class) ", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration { get; }

    public static Readme Of(string package) => new(Repository.Read(Path.Combine("src", package, "README.md")));

    /// <summary>Turns the example into a class, so that one project contains all examples. Its server is the second argument.</summary>
    public string WriteExampleAsClass(string name)
    {
        var usings = Usings.Match(Example).Value;
        var rest = Example[usings.Length..].Replace("\"localhost:6379\"", "args[1]", StringComparison.Ordinal);
        var types = TypeDeclaration.Match(rest) is { Success: true } match ? match.Index : rest.Length;
        return $$"""
            {{usings}}
            namespace Examples.{{name}};
            internal static class Example
            {
                public static async Task RunAsync(string[] args)
                {
                    await Task.Yield();
                    {{rest[..types]}}
                }
            }
            {{rest[types..]}}
            """;
    }
}
