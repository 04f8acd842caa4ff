using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Callroute.Mfa.TestServers;

/// <summary>A real server on the loopback address, with a temporary folder and a free port, that can be killed and started again.</summary>
public abstract class TestServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeOut = TimeSpan.FromSeconds(60);

    private ServerProcess? _process;

    private protected TestServer(string name)
    {
        Folder = Directory.CreateTempSubdirectory($"callroute-{name}-").FullName;
        Port = FreePort();
    }

    /// <summary>What a client connects with.</summary>
    public abstract string ConnectionString { get; }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The folder of its data and its log.</summary>
    public string Folder { get; }

    /// <summary>What the server wrote.</summary>
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : string.Empty;

    private string LogFile => Path.Combine(Folder, "server.log");

    private protected abstract string[] Command { get; }

    /// <summary>Starts the server, also again after <see cref="KillAsync"/>, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        _process = await ServerProcess.StartAsync(Command, Folder);
        using var timeOut = new CancellationTokenSource(StartTimeOut);
        while (!await AnswersAsync())
        {
            if (timeOut.IsCancellationRequested)
            {
                throw new TimeoutException($"The server does not answer: {Log}");
            }

            await Task.Delay(50, CancellationToken.None);
        }
    }

    /// <summary>Kills all processes of the server with SIGKILL.</summary>
    public virtual Task KillAsync()
    {
        _process?.Kill();
        _process = null;
        return Task.CompletedTask;
    }

    /// <summary>Stops all processes of the server where they stand, so that it neither answers nor closes a connection.</summary>
    public void Pause() => _process!.Signal("STOP");

    /// <summary>Lets the processes of the server go on.</summary>
    public void Resume() => _process!.Signal("CONT");

    /// <summary>Fills the disk, as it were: no process of the server may make a file longer than this; null takes the limit away.</summary>
    public void LimitFileSize(long? bytes) => _process!.LimitFileSize(bytes);

    /// <summary>Kills the server and deletes its folder.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await KillAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private protected abstract Task<bool> AnswersAsync();

    /// <summary>Where a program is, or null: what its package puts outside of the path included.</summary>
    private protected static string? FindProgram(string name, params string[] folders) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Concat(folders)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    private protected static string? WhyMissingAny(string package, params string?[] programs) =>
        programs.Contains(null) ? $"Debian's '{package}' is not installed; tests/run.sh installs it." : null;

    /// <summary>Puts the user that a server wants to run as before its command, where we are root.</summary>
    private protected static string[] As(string user, params string[] command) =>
        Environment.UserName == "root" ? ["setpriv", $"--reuid={user}", $"--regid={user}", "--init-groups", .. command] : command;

    /// <summary>Gives a folder to the user that the server runs as.</summary>
    private protected void GiveFolderTo(string user)
    {
        if (Environment.UserName == "root")
        {
            ServerProcess.Run("chown", "-R", $"{user}:{user}", Folder);
        }
    }

    // Below the ports that outgoing connections are given: one of those may be taken before the server binds it.
    internal static int FreePort()
    {
        var port = RandomNumberGenerator.GetInt32(10_000, 30_000);
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return port;
        }
        catch (SocketException)
        {
            return FreePort();
        }
    }
}
