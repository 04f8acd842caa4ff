using System.Diagnostics;

namespace Callroute.Mfa.TestServers;

/// <summary>
/// A server process in the foreground, in a separate session. It ends when this process ends for any reason, and its folder is then
/// deleted.
/// </summary>
/// <remarks>
/// A shell starts the server. Its standard input ends when this process dies. The shell then kills the server, reaps it and deletes the
/// folder. So this process need not wait at its end: xUnit gives it ten seconds, and many databases may take longer. Children are signalled
/// by name, because those of PostgreSQL have separate process groups. The server stands still before that, so that it makes no new ones:
/// PostgreSQL does not start again while one of them lives.
/// </remarks>
internal sealed class ServerProcess : IDisposable
{
    private const string Watcher = """
        exec 2>>"$0/server.log"
        setsid bash -c 'exec "$@" >>"$0/server.log" 2>&1' "$0" "$@" </dev/null >/dev/null & server=$!
        any() { for one in $2; do grep -q "^State:.[$1]" /proc/$one/status 2>/dev/null && return; done; return 1; }
        end() {
          kill -STOP $server
          for tries in {1..1000}; do any RSD $server || break; sleep 0.01; done
          all="$server $(cat /proc/$server/task/*/children)"
          kill -KILL $all
          wait $server
          for tries in {1..1000}; do any RSDTt "$all" || break; sleep 0.01; done
          [ -n "$keep" ] || rm -rf "$1"
        }
        trap 'end "$0"' EXIT
        echo $server
        read -r keep
        """;

    private const string Pauser = """
        all="$0 $(cat /proc/$0/task/*/children)"
        kill -STOP $all
        for tries in {1..600}; do
          running=$(for one in $all; do grep -L '^State:.[TZX]' /proc/$one/task/*/status 2>/dev/null; done)
          [ -n "$running" ] || exit 0
          sleep 0.1
        done
        echo "Still running: $running" >&2
        exit 1
        """;

    private readonly Process _watcher;

    private ServerProcess(Process watcher, int id) => (_watcher, Id) = (watcher, id);

    /// <summary>The process id of the server.</summary>
    public int Id { get; }

    public static async Task<ServerProcess> StartAsync(string[] command, string folder)
    {
        var watcher = Process.Start(new ProcessStartInfo("bash", ["-c", Watcher, folder, .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var line = await watcher.StandardOutput.ReadLineAsync();
        return new ServerProcess(watcher, int.Parse(line!, System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Kills the server and all its children with SIGKILL, like a crash of the process. The folder stays.</summary>
    public void Kill()
    {
        _watcher.StandardInput.WriteLine("keep");
        _watcher.StandardInput.Close();
        _watcher.WaitForExit();
    }

    /// <summary>Stops the server and all its children, and waits until each of their threads stands still.</summary>
    /// <remarks>On a busy machine a thread may answer some time after the signal was sent.</remarks>
    public void Pause() => Run("bash", "-c", Pauser, $"{Id}");

    /// <summary>Resumes the server and all its children.</summary>
    public void Resume() => Run("bash", "-c", "kill -CONT $0 $(cat /proc/$0/task/*/children)", $"{Id}");

    public void Dispose()
    {
        if (!_watcher.HasExited)
        {
            Kill();
        }

        _watcher.Dispose();
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It did not exit with 0; the message contains its output.</exception>
    public static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} exited with {process.ExitCode}: {output}{error.Result}");
    }
}
