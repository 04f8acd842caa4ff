using System.Diagnostics;
using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

namespace Callroute.Mfa.Reliability.Cluster;

/// <summary>A network namespace with its programs and its disk.</summary>
/// <param name="Shell">Runs the commands.</param>
/// <param name="Name">Its name, such as <c>n1</c>.</param>
/// <param name="Address">Its address on the bridge.</param>
/// <param name="Namespace">The name of its namespace.</param>
/// <param name="Folder">The folder that its disk is mounted on.</param>
internal sealed record Machine(Shell Shell, string Name, string Address, string Namespace, string Folder)
{
    // A process that is forked meanwhile is found in the next round.
    private const string KillAll = """
        for round in $(seq 50); do
          pids=$(ip netns pids $0)
          [ -n "$pids" ] || exit 0
          kill -KILL $pids 2>/dev/null || true
          sleep 0.05
        done
        exit 1
        """;

    private readonly Dictionary<string, (string User, string[] Command, Process Process)> _daemons = [];

    /// <summary>The last lines of each log.</summary>
    public string Log => string.Join('\n', Directory.GetFiles(Folder, "*.log")
        .SelectMany(file => File.ReadLines(file).TakeLast(6).Prepend($"--- {file}")));

    /// <summary>The command that runs another command on this machine.</summary>
    public string[] On(params string[] command) => ["nsenter", $"--net=/run/netns/{Namespace}", .. command];

    /// <summary>The command that runs another command as a user.</summary>
    public static string[] As(string user, params string[] command) =>
        ["setpriv", $"--reuid={user}", $"--regid={user}", "--init-groups", .. command];

    public Task<string> RunAsync(params string[] command) => Shell.RunAsync(On(command));

    /// <inheritdoc cref="Shell.AskAsync"/>
    public Task<string?> AskAsync(string[] command, TimeSpan? limit = null) => Shell.AskAsync(On(command), limit);

    /// <summary>Writes a file that every user may change, and returns its path.</summary>
    public string Write(string file, string text)
    {
        var path = Path.Combine(Folder, file);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
        return path;
    }

    /// <summary>Writes a configuration file with a setting in each line, and returns its path.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="settings">The settings: each ends at a semicolon with a space, or at the end of a line.</param>
    public string Configure(string file, string settings) => Write(file, $"{settings.Replace("; ", "\n", StringComparison.Ordinal)}\n");

    /// <summary>Starts a program, and again whenever <see cref="RestartStopped"/> finds it ended.</summary>
    /// <param name="user">The user that it runs as.</param>
    /// <param name="command">Its file and its arguments.</param>
    /// <param name="onlyNow">Its arguments of this start only.</param>
    /// <remarks>System V shared memory that a killed PostgreSQL leaves ends with the separate IPC namespace.</remarks>
    public void Start(string user, string[] command, params string[] onlyNow)
    {
        string[] logged = ["-c", "exec \"$@\" >>$0 2>&1 </dev/null", Path.Combine(Folder, $"{command[0]}.log")];
        string[] isolated = On(["unshare", "--ipc", .. As(user, command), .. onlyNow]);
        var start = new ProcessStartInfo("bash", [.. logged, .. isolated]) { WorkingDirectory = Folder };
        _daemons[command[0]] = (user, command, Process.Start(start)!);
    }

    /// <summary>Starts the programs that have ended.</summary>
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
        await Shell.ScriptAsync(KillAll, Namespace);
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
    public Task HangAsync() => SignalAsync("STOP");

    public Task ContinueAsync() => SignalAsync("CONT");

    /// <summary>Makes the disk full: it keeps what it has and takes no more.</summary>
    public Task FillDiskAsync() =>
        Shell.ScriptAsync("mount -o remount,size=$(($(df --output=used $0 | tail -1) + 16))k $0", Folder);

    /// <summary>Makes the disk large again.</summary>
    public Task EmptyDiskAsync() => Shell.RunAsync(["mount", "-o", "remount,size=2g", Folder]);

    private Task<string> SignalAsync(string signal) => Shell.ScriptAsync(
        "pids=$(ip netns pids $0); [ -z \"$pids\" ] || kill -$1 $pids || true", Namespace, signal);
}
