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

    /// <summary>The connection string of a client.</summary>
    public abstract string ConnectionString { get; }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The folder of its data and its log.</summary>
    public string Folder { get; }

    /// <summary>The log of the server.</summary>
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : string.Empty;

    private string LogFile => Path.Combine(Folder, "server.log");

    private protected abstract string[] Command { get; }

    /// <summary>Starts the server, or restarts it after <see cref="KillAsync"/>, and waits until it answers.</summary>
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
    public Task KillAsync()
    {
        _process?.Kill();
        _process = null;
        return Task.CompletedTask;
    }

    /// <summary>Pauses all processes of the server, so that it neither answers nor closes a connection.</summary>
    public void Pause() => _process!.Pause();

    /// <summary>Resumes the processes of the server.</summary>
    public void Resume() => _process!.Resume();

    /// <summary>Kills the server and deletes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await KillAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private protected abstract Task<bool> AnswersAsync();

    /// <summary>The path of a program, or null. It finds programs that their package installs outside PATH, too.</summary>
    private protected static string? FindProgram(string name, params string[] folders) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Concat(folders)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    private protected static string? WhyMissingAny(string package, params string?[] programs) =>
        programs.Contains(null) ? $"Debian's '{package}' is not installed; tests/run.sh installs it." : null;

    /// <summary>If this process is root, adds to the command the user that the server must run as.</summary>
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

    // Below the ports of outgoing connections: such a port may be taken before the server binds it.
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
