using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Xml.Linq;

[assembly: AssemblyFixture(typeof(Callroute.Mfa.Packages.Tests.PackedFeed))]

namespace Callroute.Mfa.Packages.Tests;

/// <summary>Every package, packed once into a folder outside the repository, with samples that restore from there.</summary>
public sealed class PackedFeed : IDisposable
{
    /// <summary>The package of the command-line tool, which is a sample.</summary>
    public const string ToolName = "Callroute.Mfa.OtpTool";

    private readonly string _folder = Directory.CreateTempSubdirectory("callroute-packages-").FullName;
    private readonly Lazy<string> _feed;

    // Packed when the first test needs it, because other tests of this assembly need no package.
    public PackedFeed() => _feed = new Lazy<string>(Pack);

    /// <summary>A version that no cache has seen.</summary>
    public static string Version { get; } =
        string.Create(CultureInfo.InvariantCulture, $"0.1.0-test.{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}");

    /// <summary>The names of all packages: those of the folders of <c>src</c>.</summary>
    public static TheoryData<string> Names { get; } =
        [
            .. Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(path => Path.GetFileName(path))
            .Order(StringComparer.Ordinal),
        ];

    /// <summary>The folder of the packages.</summary>
    public string Feed => _feed.Value;

    /// <summary>Copies a sample, and replaces its project references by packages.</summary>
    /// <param name="name">Its folder.</param>
    /// <param name="change">The change to the text of its files.</param>
    public void AddSample(string name, Func<string, string>? change = null)
    {
        foreach (var path in Directory.GetFiles(Path.Combine(Repository.Root, "samples", name)))
        {
            var text = change?.Invoke(File.ReadAllText(path)) ?? File.ReadAllText(path);
            var isProject = path.EndsWith(".csproj", StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(Consumer(name), Path.GetFileName(path)), isProject ? TakePackages(text) : text);
        }
    }

    /// <summary>Makes an application by a template of the SDK, with the versions of packages that this repository has.</summary>
    /// <param name="name">Its folder and its namespace.</param>
    /// <param name="template">The template and its arguments.</param>
    /// <param name="packages">Further packages.</param>
    /// <returns>Its folder.</returns>
    public string AddTemplate(string name, string[] template, params string[] packages)
    {
        _ = Feed;
        var folder = Consumer(name);
        Dotnet(["new", .. template, "-n", name, "-o", folder, "--no-restore", "--no-update-check"], folder);
        var path = Path.Combine(folder, $"{name}.csproj");
        var project = XDocument.Load(path);
        var added = packages.Select(id => new XElement("PackageReference", new XAttribute("Include", id)));
        project.Root!.Add(new XElement("ItemGroup", added));
        foreach (var reference in project.Descendants("PackageReference"))
        {
            var id = reference.Attribute("Include")!.Value;
            reference.SetAttributeValue("Version", Names.Any(own => own.Data == id) ? Version : CentralVersions.Of(id));
        }

        project.Save(path);
        return folder;
    }

    /// <summary>Runs the program behind <c>dotnet ef</c> on an application that is built, and returns its output.</summary>
    public string RunEntityFramework(string name, string connectionString, params string[] command)
    {
        const string Tools = "Microsoft.EntityFrameworkCore.Tools";
        var package = Path.Combine(Built("NuGetPackageRoot"), Tools.ToLowerInvariant(), CentralVersions.Of(Tools));
        var built = ProgramOf(name)[..^".dll".Length];
        string[] run = ["exec", "--depsfile", $"{built}.deps.json", "--runtimeconfig", $"{built}.runtimeconfig.json"];
        string[] target = ["--assembly", $"{built}.dll", "--project-dir", Consumer(name), "--root-namespace", name];
        var tool = Path.Combine(package, "tools", "net8.0", "any", "ef.dll");
        return Dotnet(
            [.. run, tool, .. command, .. target, "--", $"--ConnectionStrings:DefaultConnection={connectionString}"], Consumer(name));
    }

    /// <summary>Builds a sample and returns the path of its program, for <c>dotnet</c>.</summary>
    public string Build(string name)
    {
        RunWithoutWarnings(name, "build", "-c", "Release");
        return ProgramOf(name);
    }

    /// <summary>Builds the examples of all READMEs, each in a separate class, and returns the path of their program.</summary>
    public string BuildExamples()
    {
        var folder = Consumer("Examples");
        File.WriteAllText(Path.Combine(folder, "Examples.csproj"), TakePackages(Readme.ExamplesProject));
        File.WriteAllText(Path.Combine(folder, "Program.cs"), Readme.ExamplesProgram);
        File.Copy(Path.Combine(Repository.Root, "samples", "MinimalApi", "Users.cs"), Path.Combine(folder, "Users.cs"));
        foreach (var name in Names)
        {
            File.WriteAllText(Path.Combine(folder, $"{name.Data}.cs"), Readme.Of(name.Data).WriteExampleAsClass(name.Data.Split('.')[^1]));
        }

        return Build("Examples");
    }

    /// <summary>Publishes a sample for this machine with all its dependencies, and returns the path of its program.</summary>
    public string Publish(string name, params string[] properties)
    {
        var output = Path.Combine(_folder, "published", name);
        var runtime = $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        string[] arguments = ["-c", "Release", "-r", runtime, "--self-contained", "-o", output, "-p:InvariantGlobalization=true"];
        RunWithoutWarnings(name, "publish", [.. arguments, .. properties]);
        return Path.Combine(output, name);
    }

    /// <summary>Installs the command-line tool, and returns the path of its command.</summary>
    public string InstallTool()
    {
        var folder = NewFolder();
        Dotnet(["tool", "install", ToolName, "--tool-path", folder, "--version", Version, "--source", Feed], folder);
        return Path.Combine(folder, "otptool");
    }

    /// <summary>Creates an empty folder to run in.</summary>
    public string NewFolder() => Folder("run", Path.GetRandomFileName());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Built(string name) =>
        typeof(PackedFeed).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == name).Value!;

    // Keep no build node, because builds of other tests run at the same time. One compiler serves them all.
    private static string RunBuild(string[] arguments, string folder) =>
        Dotnet([.. arguments, "-nodeReuse:false", "-p:UseSharedCompilation=true"], folder);

    private static string Dotnet(string[] arguments, string folder)
    {
        var (exitCode, output, error) = ExternalProgram.RunAny("dotnet", arguments, workingDirectory: folder);
        Assert.True(exitCode == 0, $"dotnet {string.Join(' ', arguments)} failed with {exitCode}: {output}{error}");
        return output + error;
    }

    private static string TakePackages(string project)
    {
        var document = XDocument.Parse(project);
        foreach (var reference in document.Descendants("ProjectReference").ToArray())
        {
            var name = Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value);
            reference.ReplaceWith(new XElement("PackageReference", new XAttribute("Include", name), new XAttribute("Version", Version)));
        }

        foreach (var reference in document.Descendants("PackageReference").Where(reference => reference.Attribute("Version") is null))
        {
            reference.SetAttributeValue("Version", CentralVersions.Of(reference.Attribute("Include")!.Value));
        }

        return document.ToString();
    }

    private string Pack()
    {
        var feed = Folder("feed");
        var project = Path.Combine(Repository.Root, "tests", "Callroute.Mfa.Packages.Tests", "Packing", "Pack.proj");
        string[] properties =
            [$"-p:Configuration={Built("Configuration")}", $"-p:MinVerVersionOverride={Version}", $"-p:PackageOutputPath={feed}"];
        RunBuild(["msbuild", project, "-m", "-v:q", .. properties], Repository.Root);
        File.WriteAllText(Path.Combine(Folder("consumers"), "nuget.config"), $"""
            <configuration>
              <packageSources><add key="packed" value="{feed}" /></packageSources>
              <fallbackPackageFolders><add key="machine" value="{Built("NuGetPackageRoot")}" /></fallbackPackageFolders>
            </configuration>
            """);
        // The audit queries the sources of the machine, which may be unreachable.
        File.WriteAllText(Path.Combine(Folder("consumers"), "Directory.Build.props"), $"""
            <Project>
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <RestorePackagesPath>{Folder("packages")}</RestorePackagesPath>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
            </Project>
            """);
        return feed;
    }

    private void RunWithoutWarnings(string name, string command, params string[] arguments)
    {
        _ = Feed;
        Assert.DoesNotContain("warning ", RunBuild([command, .. arguments], Consumer(name)), StringComparison.OrdinalIgnoreCase);
    }

    private string ProgramOf(string name) => Path.Combine(Consumer(name), "bin", "Release", "net10.0", $"{name}.dll");

    private string Consumer(string name) => Folder("consumers", name);

    private string Folder(params string[] path) => Directory.CreateDirectory(Path.Combine([_folder, .. path])).FullName;
}
