namespace Callroute.Mfa.TestServers;

/// <summary>PgBouncer in front of a PostgreSQL server. It gives each transaction any connection to the server.</summary>
public sealed class PgBouncerServer : TestServer
{
    private const string User = "postgres";
    private const int Connections = 4;

    private static readonly string? Program = FindProgram("pgbouncer", "/usr/sbin");

    private PgBouncerServer()
        : base("pgbouncer")
    {
    }

    /// <summary>Null if it can run, else the reason for skipping.</summary>
    public static string? WhyMissing => PostgreSqlServer.WhyMissing ?? WhyMissingAny("pgbouncer", Program);

    /// <inheritdoc/>
    public override string ConnectionString => $"Host=127.0.0.1;Port={Port};Username={User};Database={User};Timeout=30";

    private protected override string[] Command => As(User, Program!, Settings);

    private string Settings => Path.Combine(Folder, "pgbouncer.ini");

    /// <summary>Starts it in transaction mode.</summary>
    public static async Task<PgBouncerServer> StartNewAsync(PostgreSqlServer database)
    {
        var pooler = new PgBouncerServer();
        await File.WriteAllTextAsync(pooler.Settings, $"""
            [databases]
            * = host=127.0.0.1 port={database.Port} user={User}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {pooler.Port}
            auth_type = any
            pool_mode = transaction
            default_pool_size = {Connections}
            unix_socket_dir =
            """);
        pooler.GiveFolderTo(User);
        await pooler.StartAsync();
        return pooler;
    }

    private protected override Task<bool> AnswersAsync() =>
        Task.FromResult(Log.Contains("process up", StringComparison.Ordinal));
}
