using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

[assembly: AssemblyFixture(typeof(Callroute.Mfa.Packages.Tests.PackedFeed))]

namespace Callroute.Mfa.Packages.Tests;

/// <summary>Every package, packed once into a folder feed outside of the repository, and beside it projects that restore from there.</summary>
public sealed class PackedFeed : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("callroute-packages-").FullName;

    public PackedFeed()
    {
        Dotnet(
            ["msbuild", Path.Combine(Source, "Packing", "Pack.proj"), "-m", "-v:q", "-p:Configuration=" + Built("Configuration"), "-p:MinVerVersionOverride=" + Version, "-p:PackageOutputPath=" + Feed],
            Repository.Root);
        Copy(Path.Combine(Source, "Consumers"), Folder("consumers"));
        WriteExamples();
        File.WriteAllText(Path.Combine(Folder("consumers"), "nuget.config"), $"""
            <configuration>
              <packageSources><add key="packed" value="{Feed}" /></packageSources>
              <fallbackPackageFolders><add key="machine" value="{Built("NuGetPackageRoot")}" /></fallbackPackageFolders>
            </configuration>
            """);
    }

    /// <summary>A version that no cache has seen.</summary>
    public static string Version { get; } = string.Create(CultureInfo.InvariantCulture, $"0.1.0-test.{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}");

    /// <summary>The names of all packages: those of the folders of <c>src</c>.</summary>
    public static TheoryData<string> Names { get; } =
        [.. Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    /// <summary>Where the packages lie.</summary>
    public string Feed => Folder("feed");

    private static string Source => Path.Combine(Repository.Root, "tests", "Callroute.Mfa.Packages.Tests");

    /// <summary>Builds a consumer and gives the folder of its program.</summary>
    public string Build(string consumer)
    {
        DotnetWithoutWarnings("build", consumer, "-c", "Release");
        return Path.Combine(Folder("consumers"), consumer, "bin", "Release", "net10.0");
    }

    /// <summary>Publishes a consumer for this machine, with all that it needs, and gives the folder of its program.</summary>
    public string Publish(string consumer)
    {
        var output = Path.Combine(_folder, "published", consumer);
        DotnetWithoutWarnings("publish", consumer, "-c", "Release", "-r", $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}", "--self-contained", "-o", output);
        return output;
    }

    /// <summary>The packages that a consumer was restored with.</summary>
    public string ReadAssets(string consumer) => File.ReadAllText(Path.Combine(Folder("consumers"), consumer, "obj", "project.assets.json"));

    /// <summary>Makes an empty folder to run in.</summary>
    public string NewFolder() => Directory.CreateDirectory(Path.Combine(_folder, "run", Path.GetRandomFileName())).FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Built(string name) => typeof(PackedFeed).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == name).Value!;

    private static string Dotnet(string[] arguments, string folder)
    {
        // No server is left running, and none is asked: the builds of other tests go on beside this one.
        var (exitCode, output, error) = ExternalProgram.RunAny("dotnet", [.. arguments, "-nodeReuse:false", "-p:UseSharedCompilation=false"], workingDirectory: folder);
        Assert.True(exitCode == 0, $"dotnet {string.Join(' ', arguments)} failed with {exitCode}: {output}{error}");
        return output + error;
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private void DotnetWithoutWarnings(string command, string consumer, params string[] arguments)
    {
        // The audit asks the machine's sources, which may be out of reach.
        string[] properties =
        [
            "-p:RestorePackagesPath=" + Folder("packages"), "-p:NuGetAudit=false", "-p:CallrouteMfaVersion=" + Version,
            "-p:SqliteVersion=" + CentralVersions.Of("Microsoft.Data.Sqlite"),
            "-p:EntityFrameworkSqliteVersion=" + CentralVersions.Of("Microsoft.EntityFrameworkCore.Sqlite"),
            "-p:HostingVersion=" + CentralVersions.Of("Microsoft.Extensions.Logging.Abstractions"),
        ];
        var text = Dotnet([command, .. arguments, .. properties], Path.Combine(Folder("consumers"), consumer));
        Assert.DoesNotContain("warning ", text, StringComparison.OrdinalIgnoreCase);
    }

    private string Folder(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;

    private void WriteExamples()
    {
        foreach (var name in Names)
        {
            var readme = Readme.Of(name.Data);
            File.WriteAllText(Path.Combine(Folder("consumers"), "Examples", $"{name.Data}.cs"), readme.WriteExampleAsClass(name.Data.Split('.')[^1]));
        }
    }
}
