using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

namespace Callroute.Mfa.Reliability.Cluster;

/// <summary>Runs programs to their end, bounded in time, until the run is cancelled.</summary>
internal sealed class Shell(CancellationToken cancelled)
{
    public CancellationToken Cancelled => cancelled;

    public static string[] Function(string name, params string[] arguments) =>
        ["bash", "-e", Path.Combine(AppContext.BaseDirectory, "cluster.sh"), name, .. arguments];

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
        timeOut.CancelAfter(limit ?? TimeSpan.FromSeconds(30));
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

    public Task<string> CallAsync(string function, params string[] arguments) => RunAsync(Function(function, arguments));

    /// <summary>Asks a server that may be down: returns null if the program fails or runs longer than the limit (default 3 s).</summary>
    public async Task<string?> AskAsync(string[] command, TimeSpan? limit = null)
    {
        try
        {
            return await RunAsync(command, limit ?? TimeSpan.FromSeconds(3));
        }
        catch (Exception exception) when (exception is InvalidOperationException or TimeoutException)
        {
            return null;
        }
    }
}

/// <summary>A network namespace with its programs, and with its disk, which is mounted on its folder.</summary>
internal sealed record Machine(Shell Shell, string Name, string Address, string Namespace, string Folder)
{
    private readonly Dictionary<string, (string User, string[] Command, Process Process)> _daemons = [];

    public string Log => string.Join('\n', Directory.GetFiles(Folder, "*.log")
        .SelectMany(file => File.ReadLines(file).TakeLast(6).Prepend($"--- {file}")));

    public static string[] As(string user, params string[] command) =>
        ["setpriv", $"--reuid={user}", $"--regid={user}", "--init-groups", .. command];

    public string[] On(params string[] command) => ["nsenter", $"--net=/run/netns/{Namespace}", .. command];
    public Task<string> RunAsync(params string[] command) => Shell.RunAsync(On(command));
    public Task<string?> AskAsync(string[] command, TimeSpan? limit = null) => Shell.AskAsync(On(command), limit);

    /// <summary>Writes a file that every user may change, and returns its path.</summary>
    public string Write(string file, string text)
    {
        var path = Path.Combine(Folder, file);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
        return path;
    }

    /// <summary>Writes the file of the folder <c>settings</c> with the values of its marks, and returns its path.</summary>
    public string Configure(string file, params (string Mark, string Value)[] values) => Write(file, Report.Fill(
        $"settings/{file}", [("name", Name), ("address", Address), ("folder", Folder), .. values]));

    /// <summary>Starts a program as a user, and again whenever <see cref="RestartStopped"/> finds it ended.</summary>
    /// <remarks>System V shared memory that a killed PostgreSQL leaves ends with the separate IPC namespace.</remarks>
    public void Start(string user, string[] command, params string[] onlyNow)
    {
        string[] logged = ["-c", "exec \"$@\" >>$0 2>&1 </dev/null", Path.Combine(Folder, $"{command[0]}.log")];
        string[] isolated = On(["unshare", "--ipc", .. As(user, command), .. onlyNow]);
        var start = new ProcessStartInfo("bash", [.. logged, .. isolated]) { WorkingDirectory = Folder };
        _daemons[command[0]] = (user, command, Process.Start(start)!);
    }

    public void RestartStopped()
    {
        foreach (var (user, command, process) in _daemons.Values.Where(daemon => daemon.Process.HasExited).ToArray())
        {
            process.Dispose();
            Start(user, command);
        }
    }

    /// <summary>Kills every process of the machine with SIGKILL, like a power cut.</summary>
    public async Task KillAsync()
    {
        await Shell.CallAsync("kill_all", Namespace);
        await Task.WhenAll(_daemons.Values.Select(daemon => daemon.Process.WaitForExitAsync(Shell.Cancelled)));
    }

    /// <summary>Asks the programs to end, one after the other from the last, and waits up to 30 s for each.</summary>
    public async Task StopAsync()
    {
        foreach (var (_, _, process) in _daemons.Values.Where(daemon => !daemon.Process.HasExited).Reverse())
        {
            await Shell.RunAsync(["kill", "-TERM", $"{process.Id}"]);
            await process.WaitForExitAsync(Shell.Cancelled).WaitAsync(TimeSpan.FromSeconds(30), Shell.Cancelled);
        }
    }

    /// <summary>Pauses every process: the machine keeps its connections and answers nothing.</summary>
    public Task HangAsync() => Shell.CallAsync("signal", Namespace, "STOP");
    public Task ContinueAsync() => Shell.CallAsync("signal", Namespace, "CONT");
    public Task FillDiskAsync() => Shell.CallAsync("fill_disk", Folder);
    public Task EmptyDiskAsync() => Shell.RunAsync(["mount", "-o", "remount,size=2g", Folder]);
}
