namespace Callroute.Mfa.TestServers;

/// <summary>A separate MariaDB server.</summary>
public sealed class MariaDbServer : TestServer
{
    private const string User = "mysql";
    private const string Database = "test";

    private static readonly string? Install = FindProgram("mariadb-install-db");
    private static readonly string? Daemon = FindProgram("mariadbd", "/usr/sbin");
    private static readonly string? Client = FindProgram("mariadb");

    private MariaDbServer()
        : base("mariadb")
    {
    }

    /// <summary>Null if it can run, else the reason for skipping.</summary>
    public static string? WhyMissing => WhyMissingAny("mariadb-server", Install, Daemon, Client);

    /// <inheritdoc/>
    public override string ConnectionString =>
        $"Server=127.0.0.1;Port={Port};User ID=root;Database={Database};Connection Timeout=30;Maximum Pool Size=10";

    private protected override string[] Command => As(
        User, Daemon!, "--no-defaults", $"--datadir={Data}", $"--tmpdir={Folder}", "--bind-address=127.0.0.1", $"--port={Port}",
        $"--socket={Socket}", $"--pid-file={Path.Combine(Folder, "pid")}", "--max-connections=400");

    private string Data => Path.Combine(Folder, "data");

    private string Socket => Path.Combine(Folder, "socket");

    /// <summary>
    /// Creates the system tables and a database, and starts the server. As by default, it replies to a commit only after the write to disk.
    /// </summary>
    public static async Task<MariaDbServer> StartNewAsync()
    {
        var server = new MariaDbServer();
        server.GiveFolderTo(User);
        var install = As(
            User, Install!, "--no-defaults", $"--datadir={server.Data}", $"--tmpdir={server.Folder}",
            "--auth-root-authentication-method=normal", "--skip-test-db");
        ServerProcess.Run(install[0], install[1..]);
        await server.StartAsync();
        server.Execute($"CREATE DATABASE {Database}");
        return server;
    }

    private protected override Task<bool> AnswersAsync()
    {
        try
        {
            Execute("SELECT 1");
            return Task.FromResult(true);
        }
        catch (InvalidOperationException)
        {
            return Task.FromResult(false);
        }
    }

    private void Execute(string statement) =>
        ServerProcess.Run(Client!, "--no-defaults", "--user=root", $"--socket={Socket}", $"--execute={statement}");
}
