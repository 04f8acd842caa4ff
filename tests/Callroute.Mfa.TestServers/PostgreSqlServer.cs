namespace Callroute.Mfa.TestServers;

/// <summary>A separate PostgreSQL server.</summary>
public sealed class PostgreSqlServer : TestServer
{
    private const string User = "postgres";

    private static readonly string? Initdb = Find("initdb");
    private static readonly string? Postgres = Find("postgres");
    private static readonly string? IsReady = Find("pg_isready");

    private PostgreSqlServer()
        : base("postgres")
    {
    }

    /// <summary>Null if it can run, else the reason for skipping.</summary>
    public static string? WhyMissing => WhyMissingAny("postgresql", Initdb, Postgres, IsReady);

    /// <inheritdoc/>
    public override string ConnectionString =>
        $"Host=127.0.0.1;Port={Port};Username={User};Database={User};Timeout=30"
        + ";Maximum Pool Size=10;Connection Idle Lifetime=60;Connection Pruning Interval=10";

    private protected override string[] Command => As(
        User, Postgres!, "-D", Data, "-p", $"{Port}", "-k", Folder, "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=1000");

    private string Data => Path.Combine(Folder, "data");

    /// <summary>Creates a cluster of databases and starts it. As by default, it replies to a commit only after the write to disk.</summary>
    public static async Task<PostgreSqlServer> StartNewAsync()
    {
        var server = new PostgreSqlServer();
        server.GiveFolderTo(User);
        var initdb = As(User, Initdb!, "-D", server.Data, "-U", User, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync");
        ServerProcess.Run(initdb[0], initdb[1..]);
        await server.StartAsync();
        return server;
    }

    private protected override Task<bool> AnswersAsync()
    {
        try
        {
            ServerProcess.Run(IsReady!, "-U", User, "-h", "127.0.0.1", "-p", $"{Port}");
            return Task.FromResult(true);
        }
        catch (InvalidOperationException)
        {
            return Task.FromResult(false);
        }
    }

    private static string? Find(string name)
    {
        const string Packaged = "/usr/lib/postgresql";
        var versions = Directory.Exists(Packaged) ? Directory.GetDirectories(Packaged) : [];
        return FindProgram(name, [.. versions.Order().Select(version => Path.Combine(version, "bin"))]);
    }
}
