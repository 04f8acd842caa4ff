using System.Diagnostics;
using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

namespace Callroute.Mfa.Reliability.Cluster;

/// <summary>A program that a machine runs all the time.</summary>
/// <param name="Name">The name of its log.</param>
/// <param name="User">The user that it runs as.</param>
/// <param name="Command">Its file and its arguments.</param>
internal sealed record Daemon(string Name, string User, params IReadOnlyList<string> Command);

/// <summary>A network namespace with its programs and its disk.</summary>
/// <param name="name">Its name, such as <c>n1</c>.</param>
/// <param name="address">Its address on the bridge.</param>
/// <param name="networkNamespace">The name of its namespace.</param>
/// <param name="folder">The folder that its disk is mounted on.</param>
internal sealed class Machine(string name, string address, string networkNamespace, string folder)
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

    private readonly Dictionary<string, (Daemon Daemon, Process Process)> _daemons = [];

    public string Name => name;

    public string Address => address;

    public string Namespace => networkNamespace;

    public string Folder => folder;

    /// <summary>The last lines of each log.</summary>
    public string Log => string.Join(Environment.NewLine, Directory.GetFiles(folder, "*.log").Select(TailOf));

    /// <summary>The command that runs another command on this machine.</summary>
    public string[] On(params IEnumerable<string> command) => ["nsenter", $"--net=/run/netns/{networkNamespace}", .. command];

    /// <summary>Writes a file that every user may change, and returns its path.</summary>
    public string Write(string file, string text)
    {
        var path = Path.Combine(folder, file);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
        return path;
    }

    /// <summary>Creates a folder for a user and returns its path.</summary>
    public async Task<string> FolderOfAsync(string user, string child, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, child);
        await Shell.RunAsync(["install", "--directory", $"--owner={user}", "--mode=700", path], cancellationToken);
        return path;
    }

    /// <summary>Starts a program, and again whenever <see cref="RestartStopped"/> finds it ended.</summary>
    /// <remarks>System V shared memory that a killed PostgreSQL leaves ends with the separate IPC namespace.</remarks>
    public void Start(Daemon daemon)
    {
        string[] command =
        [
            .. On("unshare", "--ipc", "setpriv", $"--reuid={daemon.User}", $"--regid={daemon.User}", "--init-groups"),
            .. daemon.Command,
        ];
        var start = new ProcessStartInfo(
            "bash", ["-c", "exec \"$@\" >>$0 2>&1 </dev/null", Path.Combine(folder, $"{daemon.Name}.log"), .. command])
        {
            WorkingDirectory = folder,
        };
        _daemons[daemon.Name] = (daemon, Process.Start(start)!);
    }

    /// <summary>Changes the command of the next start.</summary>
    public void StartNextTime(Daemon daemon) => _daemons[daemon.Name] = (daemon, _daemons[daemon.Name].Process);

    /// <summary>Starts the programs that have ended.</summary>
    public void RestartStopped()
    {
        foreach (var (daemon, process) in _daemons.Values.Where(running => running.Process.HasExited).ToArray())
        {
            process.Dispose();
            Start(daemon);
        }
    }

    /// <summary>Kills every process of the machine with SIGKILL, like a power cut.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        await Shell.ScriptAsync(KillAll, cancellationToken, networkNamespace);
        await Task.WhenAll(_daemons.Values.Select(running => running.Process.WaitForExitAsync(cancellationToken)));
    }

    /// <summary>Asks the programs to end, one after the other from the last, and waits up to 30 s for each.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var (_, process) in _daemons.Values.Where(running => !running.Process.HasExited).Reverse())
        {
            await Shell.RunAsync(["kill", "-TERM", $"{process.Id}"], cancellationToken);
            await process.WaitForExitAsync(cancellationToken).WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
        }
    }

    /// <summary>Pauses every process: the machine keeps its connections and answers nothing.</summary>
    public Task HangAsync(CancellationToken cancellationToken) => SignalAsync("STOP", cancellationToken);

    /// <summary>Continues every process.</summary>
    public Task ContinueAsync(CancellationToken cancellationToken) => SignalAsync("CONT", cancellationToken);

    /// <summary>Makes the disk full: it keeps what it has and takes no more.</summary>
    public Task FillDiskAsync(CancellationToken cancellationToken) => Shell.ScriptAsync(
        "mount -o remount,size=$(($(df --output=used $0 | tail -1) + 16))k $0", cancellationToken, folder);

    /// <summary>Makes the disk large again.</summary>
    public Task EmptyDiskAsync(CancellationToken cancellationToken) =>
        Shell.RunAsync(["mount", "-o", "remount,size=2g", folder], cancellationToken);

    private static string TailOf(string file) =>
        $"--- {file}{Environment.NewLine}{string.Join(Environment.NewLine, File.ReadLines(file).TakeLast(6))}";

    private Task<string> SignalAsync(string signal, CancellationToken cancellationToken) => Shell.ScriptAsync(
        "pids=$(ip netns pids $0); [ -z \"$pids\" ] || kill -$1 $pids || true", cancellationToken, networkNamespace, signal);
}
