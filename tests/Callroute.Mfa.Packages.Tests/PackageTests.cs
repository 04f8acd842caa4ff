using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Callroute.Mfa.Packages.Tests;

public sealed partial class PackageTests(PackedFeed feed)
{
    private const string Repo = "https://github.com/callroute/callroute-mfa";
    private const string Prefix = "Callroute.Mfa.";

    private static readonly Dictionary<string, string[]> ThirdParties = new(StringComparer.Ordinal)
    {
        ["Argon2"] = ["Konscious.Security.Cryptography.Argon2"],
        ["EntityFrameworkCore"] = ["Microsoft.EntityFrameworkCore.Relational"],
        ["QrCode"] = ["QRCoder"],
        ["Redis"] = ["Microsoft.Extensions.Logging.Abstractions", "StackExchange.Redis"],
        ["Sodium"] = ["NSec.Cryptography"],
    };

    // One line of an application must add all of them.
    private static readonly Dictionary<string, string[]> Bundled = new(StringComparer.Ordinal)
    {
        ["AspNetCore.Identity"] = ["Argon2", "AspNetCore", "EntityFrameworkCore"],
        ["AspNetCore.Pages"] = ["AspNetCore", "QrCode"],
    };

    public static TheoryData<string> Names => PackedFeed.Names;

    [GeneratedRegex(@"^Callroute\.Mfa\.[\w.]+$")]
    private static partial Regex TypeOfThePackage { get; }

    [GeneratedRegex(@"\]\((?!https://)")]
    private static partial Regex RelativeLink { get; }

    [Fact]
    public void Feed_EveryFolderOfSrcAndTheTool_IsAPackage()
    {
        var expected = Names.Select(name => $"{name.Data}.{PackedFeed.Version}").SelectMany(id => new[] { $"{id}.nupkg", $"{id}.snupkg" })
            .Append($"{PackedFeed.ToolName}.{PackedFeed.Version}.nupkg").Order(StringComparer.Ordinal);

        Assert.Equal(expected, Directory.GetFiles(feed.Feed).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nuspec_Metadata_IsWhole(string name)
    {
        var metadata = Open(name).ReadMetadata();

        Assert.Equal((name, PackedFeed.Version), (Text(metadata, "id"), Text(metadata, "version")));
        Assert.Equal(("MIT", "expression"), (Text(metadata, "license"), metadata.Element("license")!.Attribute("type")!.Value));
        Assert.Equal(("README.md", "icon.png"), (Text(metadata, "readme"), Text(metadata, "icon")));
        Assert.Equal(("The Callroute.Mfa authors", Repo), (Text(metadata, "authors"), Text(metadata, "projectUrl")));
        Assert.InRange(Text(metadata, "description").Length, 50, 200);
        Assert.InRange(Text(metadata, "tags").Split(' ').Distinct().Count(), 8, 16);
        var repository = metadata.Element("repository")!;
        Assert.Equal(("git", Repo), (repository.Attribute("type")!.Value, repository.Attribute("url")!.Value));
        Assert.Null(repository.Attribute("branch"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nuspec_Dependencies_AreExactlyThese(string name)
    {
        var group = Assert.Single(Open(name).ReadMetadata().Element("dependencies")!.Elements("group"));

        var siblings = name == $"{Prefix}Core" ? [] : Bundled.GetValueOrDefault(name[Prefix.Length..], []).Append("Core")
            .Select(sibling => $"{Prefix}{sibling} [{PackedFeed.Version}]");
        var thirdParties = ThirdParties.GetValueOrDefault(name[Prefix.Length..], []).Select(id => $"{id} {CentralVersions.Of(id)}");
        var found = group.Elements("dependency").Select(entry => $"{entry.Attribute("id")!.Value} {entry.Attribute("version")!.Value}");
        Assert.Equal("net10.0", group.Attribute("targetFramework")!.Value);
        Assert.Equal(siblings.Concat(thirdParties).Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nuspec_FrameworkReference_IsThatOfTheAspNetCorePackagesOnly(string name)
    {
        var references = Open(name).ReadMetadata().Descendants("frameworkReference").Select(entry => entry.Attribute("name")!.Value);

        Assert.Equal(name.StartsWith($"{Prefix}AspNetCore", StringComparison.Ordinal) ? ["Microsoft.AspNetCore.App"] : [], references);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Files_AreExactlyThese(string name)
    {
        string[] languages = name == $"{Prefix}AspNetCore.Pages" ? ["de", "es", "fr", "he"] : [];
        var texts = languages.Select(language => $"lib/net10.0/{language}/{name}.resources.dll");
        string[] own = ["README.md", "icon.png", $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml", $"{name}.nuspec", .. texts];

        Assert.Equal(own.Order(StringComparer.Ordinal), Open(name).Files);
        Assert.Equal([$"{name}.nuspec", $"lib/net10.0/{name}.pdb"], Open(name, "snupkg").Files);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Documentation_PublicTypes_AreAllThere(string name)
    {
        using var stream = new MemoryStream(Open(name)[$"lib/net10.0/{name}.xml"]);
        var documented = XDocument.Load(stream).Descendants("member").Select(member => member.Attribute("name")!.Value).ToHashSet();

        var api = Repository.Read($"src/{name}/PublicAPI.Shipped.txt") + Repository.Read($"src/{name}/PublicAPI.Unshipped.txt");
        var types = api.Split('\n').Where(line => TypeOfThePackage.IsMatch(line)).ToArray();
        Assert.NotEmpty(types);
        Assert.All(types, type => Assert.Contains($"T:{type}", documented));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Readme_InThePackage_StandsOnItsOwn(string name)
    {
        var text = Encoding.UTF8.GetString(Open(name)["README.md"]);

        Assert.Equal(Readme.Of(name).Text, text);
        Assert.StartsWith($"# {name}\n", text, StringComparison.Ordinal);
        Assert.Contains($"dotnet add package {name}\n", text, StringComparison.Ordinal);
        Assert.DoesNotMatch(RelativeLink, text);
        var lines = Readme.Of(name).Example.Split('\n');
        Assert.InRange(lines.Count(line => line.Length > 0 && !line.StartsWith("using Callroute", StringComparison.Ordinal)), 3, 20);
    }

    [Fact]
    public void Icon_IsASquarePngOf128Pixels()
    {
        var icon = Open($"{Prefix}Core")["icon.png"].AsSpan();

        Assert.Equal("\x89PNG\r\n\x1A\n", Encoding.Latin1.GetString(icon[..8]));
        Assert.Equal((128, 128), (BinaryPrimitives.ReadInt32BigEndian(icon[16..]), BinaryPrimitives.ReadInt32BigEndian(icon[20..])));
    }

    private static string Text(XElement metadata, string name) =>
        metadata.Element(name)?.Value ?? throw new InvalidDataException($"The nuspec has no {name}.");

    private PackageFile Open(string name, string extension = "nupkg") =>
        new(Path.Combine(feed.Feed, $"{name}.{PackedFeed.Version}.{extension}"));
}
