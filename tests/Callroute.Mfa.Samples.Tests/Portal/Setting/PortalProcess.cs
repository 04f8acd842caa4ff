using System.Diagnostics;

namespace Callroute.Mfa.Samples.Tests.Portal.Setting;

/// <summary>The portal as people run it: a process of its own, by the real clock.</summary>
internal sealed class PortalProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeOut = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private PortalProcess(Process process, string output, Uri address) => (_process, Output, Address) = (process, output, address);

    public Uri Address { get; }

    /// <summary>What it printed when it started.</summary>
    public string Output { get; }

    /// <param name="environment">"Development" adds the demo user.</param>
    /// <param name="settings">Such as <c>--Portal:Data=…</c>.</param>
    public static async Task<PortalProcess> StartAsync(string environment, params string[] settings)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "Portal.dll"),
                "--urls=http://127.0.0.1:0",
                $"--environment={environment}",
                .. settings,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.Combine(Repository.Root, "samples", "Portal"),
        };
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        using var timeOut = new CancellationTokenSource(StartTimeOut);
        var output = string.Empty;
        while (await process.StandardOutput.ReadLineAsync(timeOut.Token) is { } line)
        {
            output += line + "\n";
            if (line.StartsWith("Portal: ", StringComparison.Ordinal))
            {
                // The line after it names the demo user.
                output += environment == "Development" ? await process.StandardOutput.ReadLineAsync(timeOut.Token) : string.Empty;
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return new(process, output, new UriBuilder(line["Portal: ".Length..]) { Host = "localhost" }.Uri);
            }
        }

        throw new InvalidOperationException($"The portal ended: {output}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
