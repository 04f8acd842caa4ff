using System.Diagnostics;

namespace Callroute.Mfa.Reliability.Cluster;

/// <summary>Runs programs to their end, bounded in time.</summary>
internal static class Shell
{
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(30);

    /// <summary>Runs a program and returns its output.</summary>
    /// <exception cref="InvalidOperationException">It did not exit with 0; the message contains its output.</exception>
    /// <exception cref="TimeoutException">It ran longer than the limit (default 30 s) and was killed.</exception>
    public static async Task<string> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken, TimeSpan? limit = null)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        using var timeOut = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeOut.CancelAfter(limit ?? DefaultLimit);
        try
        {
            var error = process.StandardError.ReadToEndAsync(timeOut.Token);
            var output = await process.StandardOutput.ReadToEndAsync(timeOut.Token);
            await process.WaitForExitAsync(timeOut.Token);
            return process.ExitCode == 0
                ? output.Trim()
                : throw new InvalidOperationException($"'{Shown(command)}' exited with {process.ExitCode}: {output}{await error}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException($"'{Shown(command)}' did not end in time.");
        }
    }

    /// <summary>Runs a shell script. Its arguments are <c>$0</c>, <c>$1</c> and so on.</summary>
    public static Task<string> ScriptAsync(string script, CancellationToken cancellationToken, params IEnumerable<string> arguments) =>
        RunAsync(["bash", "-ec", script, .. arguments], cancellationToken);

    /// <summary>Asks a server that may be down: returns null if the program fails or runs longer than the limit (default 3 s).</summary>
    public static async Task<string?> AskAsync(
        IReadOnlyList<string> command, CancellationToken cancellationToken, TimeSpan? limit = null)
    {
        try
        {
            return await RunAsync(command, cancellationToken, limit ?? TimeSpan.FromSeconds(3));
        }
        catch (Exception exception) when (exception is InvalidOperationException or TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Waits until a condition holds.</summary>
    /// <exception cref="TimeoutException">It did not hold in time; the message ends with the log.</exception>
    public static async Task UntilAsync(
        string what, TimeSpan limit, Func<Task<bool>> condition, Func<string> log, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > limit)
            {
                throw new TimeoutException($"After {limit.TotalSeconds:0} s still not: {what}.{Environment.NewLine}{log()}");
            }

            await Task.Delay(100, cancellationToken);
        }
    }

    private static string Shown(IReadOnlyList<string> command) => string.Join(' ', command);
}
