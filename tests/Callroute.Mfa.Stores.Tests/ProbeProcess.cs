using System.Diagnostics;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>A separate process that works on the same store.</summary>
public sealed class ProbeProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private ProbeProcess(Process process) => (_process, _errors) = (process, process.StandardError.ReadToEndAsync());

    public static ProbeProcess Start(params string[] arguments) => new(Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Callroute.Mfa.StoreProbe.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_TieredPGO"] = "0" },
        })!);

    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    public async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The process ended: {await _errors}");

    /// <summary>Waits until the process has died.</summary>
    /// <returns>The lines that it wrote, and its exit code: 137 if SIGKILL ended it.</returns>
    public async Task<(string[] Lines, int ExitCode, string Errors)> WaitForDeathAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        return (output.Split('\n', StringSplitOptions.RemoveEmptyEntries), _process.ExitCode, await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
