using System.Runtime.InteropServices;

namespace Callroute.Mfa.Packages.Tests;

public sealed class ToolTests(PackedFeed feed)
{
    // Where the running .NET is: the command of a tool looks only in the usual folders.
    private static readonly string Root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    [Fact]
    public void Tool_InstalledFromItsPackage_RunsWithItsDrivers()
    {
        ExternalProgram.Require("env");
        var tool = feed.InstallTool();
        var empty = Path.Combine(Path.GetDirectoryName(tool)!, "empty.db");
        File.Create(empty).Dispose();

        var code = Run(tool, "code", "--secret", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "--at", "59");
        var version = Run(tool, "--version");
        var report = Run(tool, "report", "--store", "sqlite", "--connection", $"Data Source={empty}");

        Assert.Equal((0, "287082\n", string.Empty), code);
        Assert.Matches("^[0-9]+\\.[0-9]+\\.[0-9]+", version.Output);
        Assert.Contains("The table 'callroute_mfa' is missing", report.Error, StringComparison.Ordinal);
    }

    private static (int ExitCode, string Output, string Error) Run(string tool, params string[] arguments) =>
        ExternalProgram.RunAny("env", [$"DOTNET_ROOT={Root}", tool, .. arguments]);
}
