using System.Diagnostics;

namespace Callroute.Mfa.Reliability.Cluster;

/// <summary>Runs programs to their end, bounded in time, until the run is cancelled.</summary>
internal sealed class Shell(CancellationToken cancelled)
{
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(3);

    public CancellationToken Cancelled => cancelled;

    /// <summary>Runs a program and returns its output.</summary>
    /// <exception cref="InvalidOperationException">It did not exit with 0; the message contains its output.</exception>
    /// <exception cref="TimeoutException">It ran longer than the limit (default 30 s) and was killed.</exception>
    public async Task<string> RunAsync(string[] command, TimeSpan? limit = null)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        using var timeOut = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        timeOut.CancelAfter(limit ?? DefaultLimit);
        try
        {
            var error = process.StandardError.ReadToEndAsync(timeOut.Token);
            var output = await process.StandardOutput.ReadToEndAsync(timeOut.Token);
            await process.WaitForExitAsync(timeOut.Token);
            return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException(
                $"'{string.Join(' ', command)}' exited with {process.ExitCode}: {output}{await error}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancelled.ThrowIfCancellationRequested();
            throw new TimeoutException($"'{string.Join(' ', command)}' did not end in time.");
        }
    }

    /// <summary>Runs a shell script. Its arguments are <c>$0</c>, <c>$1</c> and so on.</summary>
    public Task<string> ScriptAsync(string script, params string[] arguments) => RunAsync(["bash", "-ec", script, .. arguments]);

    /// <summary>Asks a server that may be down: returns null if the program fails or runs longer than the limit (default 3 s).</summary>
    public async Task<string?> AskAsync(string[] command, TimeSpan? limit = null)
    {
        try
        {
            return await RunAsync(command, limit ?? AskLimit);
        }
        catch (Exception exception) when (exception is InvalidOperationException or TimeoutException)
        {
            return null;
        }
    }
}
