using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Callroute.Mfa.Tests;

/// <summary>Publishes a program of this repository as a native binary, once per test run, and fails on any warning.</summary>
internal static class NativeAotPublish
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> Published = new(StringComparer.Ordinal);

    /// <summary>If this machine cannot compile to native code, skips the running test with the reason.</summary>
    public static void Require()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Native AOT is tested on Linux.");
        var folders = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator);
        Assert.SkipUnless(
            folders.Any(folder => File.Exists(Path.Combine(folder, "clang")) || File.Exists(Path.Combine(folder, "gcc"))),
            "Native AOT needs 'clang' or 'gcc' as its linker, and zlib1g-dev; neither compiler is installed.");
    }

    /// <summary>Returns the path of the native binary.</summary>
    /// <param name="project">A folder below the root of the repository, such as <c>samples/OtpTool</c>, named as its program.</param>
    public static string Executable(string project) => Published.GetOrAdd(project, key => new Lazy<string>(() => Publish(key))).Value;

    private static string Publish(string project)
    {
        var root = Repository.Root;
        var name = Path.GetFileName(project);
        var output = Path.Combine(root, "artifacts", "native", name);
        var architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

        // Use a separate artifacts folder and no build server, because builds of other tests run at the same time.
        var (exitCode, text, error) = ExternalProgram.RunAny(
            "dotnet",
            [
                "publish", project, "-c", "Release", "-r", $"linux-{architecture}", "--artifacts-path", output, "--nodeReuse:false",
                "-p:UseSharedCompilation=false",
            ],
            workingDirectory: root);

        Assert.True(exitCode == 0, $"Publishing {project} failed with {exitCode}: {text}{error}");
        Assert.DoesNotContain("warning", text + error, StringComparison.OrdinalIgnoreCase);
        return Path.Combine(output, "publish", name, $"release_linux-{architecture}", name);
    }
}
