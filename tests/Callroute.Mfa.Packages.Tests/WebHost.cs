using System.Diagnostics;

namespace Callroute.Mfa.Packages.Tests;

/// <summary>A program that listens on a free port of the loopback address.</summary>
internal sealed class WebHost : IDisposable
{
    private static readonly TimeSpan StartTimeOut = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private WebHost(Process process) => _process = process;

    public Uri Address { get; private set; } = null!;

    /// <summary>Starts the program and waits until it listens.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="folder">Where it runs and finds its home.</param>
    /// <param name="contentRoot">The folder of its files; by default the program's.</param>
    /// <param name="environment">Further variables of its environment.</param>
    public static async Task<WebHost> StartAsync(
        string program, string folder, string? contentRoot = null, params IEnumerable<(string Name, string Value)> environment)
    {
        contentRoot ??= Path.GetDirectoryName(program)!;
        var start = new ProcessStartInfo(program, ["--urls", "http://127.0.0.1:0", "--contentRoot", contentRoot])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        };
        start.Environment["HOME"] = folder;

        // On a busy machine the first hash may take longer than the default allows.
        start.Environment["Callroute__Mfa__CallTimeout"] = start.Environment["Callroute__Mfa__Recovery__MaximumHashWait"] = "00:01:00";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var host = new WebHost(Process.Start(start)!);
        try
        {
            host.Address = await host.ReadAddressAsync();
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task<Uri> ReadAddressAsync()
    {
        using var timeOut = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeOut.CancelAfter(StartTimeOut);
        var output = string.Empty;
        while (await _process.StandardOutput.ReadLineAsync(timeOut.Token) is { } line)
        {
            output += line + '\n';
            if (line.Split("Now listening on: ") is [_, var address])
            {
                _ = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return new Uri(address);
            }
        }

        throw new InvalidOperationException($"The program does not listen: {output}");
    }
}
