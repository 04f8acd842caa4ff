using System.Diagnostics;

namespace Callroute.Mfa.Tests;

/// <summary>Runs programs that we did not write, for interoperability tests.</summary>
internal static class ExternalProgram
{
    /// <summary>If the program is not installed, skips the running test with the reason.</summary>
    public static void Require(string name) =>
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name))),
            $"'{name}' is not installed; tests/run.sh installs it.");

    public static string Run(string name, string[] arguments, string? input = null)
    {
        var (exitCode, output, error) = RunAny(name, arguments, input);
        Assert.True(exitCode == 0, $"{name} exited with {exitCode}: {error}");
        return output;
    }

    public static (int ExitCode, string Output, string Error) RunAny(
        string name, string[] arguments, string? input = null, string? workingDirectory = null)
    {
        using var process = Process.Start(new ProcessStartInfo(name, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? string.Empty,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
