namespace Callroute.Mfa.Reliability.Cluster;

/// <summary>Three PostgreSQL servers with Patroni on etcd.</summary>
internal sealed class PatroniTopology(Shell shell, PostgreSqlFront front, bool isSynchronous = true)
    : ClusterTopology(shell, new Promises(isSynchronous, isSynchronous && !front.ReadsStandbys))
{
    private const string User = PostgreSqlFront.User;

    private static string Programs => Directory.GetDirectories("/usr/lib/postgresql").Order().Last() + "/bin";

    protected override IEnumerable<Fault> OwnFaults => [ClockFault("clock-ahead", "+300"), ClockFault("clock-behind", "-300")];
    private string Hosts => front.Start is null ? string.Join(',', Servers.Select(server => server.Address)) : "127.0.0.1";

    public override StoreSpec StoreOf(int appNode) => new(
        "postgresql",
        $"Host={Hosts};Port={front.Port};Username={User};Database={User};Timeout=3;Cancellation Timeout=500"
        + $";Maximum Pool Size=30{front.Settings}");

    protected override async Task<Machine?> FindPrimaryAsync() => await Servers.ToAsyncEnumerable()
        .Select(async (Machine server, CancellationToken _) => await FindPrimaryAsync(server))
        .FirstOrDefaultAsync(primary => primary is not null);

    protected override async Task StartServersAsync()
    {
        foreach (var server in Servers)
        {
            StartEtcd(server);
            await StartPatroniAsync(server);
        }

        Apps.ForEach(app => front.Start?.Invoke(app, Servers));
    }

    protected override async Task<bool> IsWholeAsync()
    {
        const string Replicas = "SELECT count(*) || ' ' || count(*) FILTER (WHERE sync_state = 'sync') FROM pg_stat_replication"
            + " WHERE state = 'streaming' AND NOT pg_is_in_recovery()";
        var throughFront = $"host={Hosts} port={front.Port}{(front.Start is null ? " target_session_attrs=read-write" : string.Empty)}";
        return await FindPrimaryAsync() is { } primary && await QueryAsync(primary, Replicas) == (isSynchronous ? "2 1" : "2 0")
            && await QueryAsync(Apps[0], "CREATE TABLE IF NOT EXISTS is_whole ()", throughFront) == "CREATE TABLE";
    }

    protected override Task SwitchOverAsync(Machine primary) => primary.AskAsync(
        ["patronictl", "-c", $"{primary.Folder}/patroni.yml", "switchover", "--master", primary.Name, "--force"], TimeSpan.FromSeconds(15));

    private static Task<string?> QueryAsync(Machine from, string query, string server = "host=127.0.0.1 port=5432") =>
        from.AskAsync([$"{Programs}/psql", $"{server} user={User} dbname={User} connect_timeout=2", "-Atc", query]);

    private async Task<Machine?> FindPrimaryAsync(Machine server)
    {
        var leader = await server.AskAsync(
            ["env", "ETCDCTL_API=2", "etcdctl", "--total-timeout=2s", "get", "--quorum", "/service/mfa/leader"]);
        var primary = Servers.FirstOrDefault(other => other.Name == leader);
        return primary is not null && await QueryAsync(primary, "SELECT pg_is_in_recovery()") == "f" ? primary : null;
    }

    private void StartEtcd(Machine server)
    {
        var peer = $"http://{server.Address}:2380";
        var client = $"http://{server.Address}:2379";
        server.Start(User, [
            "etcd", $"--name={server.Name}", $"--data-dir={server.Folder}/etcd", $"--listen-peer-urls={peer}",
            $"--initial-advertise-peer-urls={peer}", $"--listen-client-urls={client},http://127.0.0.1:2379",
            $"--advertise-client-urls={client}", "--enable-v2",
            $"--initial-cluster={string.Join(',', Servers.Select(other => $"{other.Name}=http://{other.Address}:2380"))}",
        ]);
    }

    private async Task StartPatroniAsync(Machine server)
    {
        await server.Shell.CallAsync("add_programs", $"{server.Folder}/bin", Programs, server.Write("clock", "+0"));
        var etcd = string.Join(',', Servers.Select(other => $"{other.Address}:2379"));
        server.Start(User, ["patroni", server.Configure("patroni.yml", ("etcd", etcd), ("synchronous", $"{isSynchronous}"))]);
    }

    private Fault ClockFault(string fault, string shift) => OnPrimary(fault, primary => Task.Run(() => primary.Write("clock", shift))) with
    {
        EndAsync = () => Task.Run(() => Servers.ForEach(server => server.Write("clock", "+0"))),
    };
}

/// <summary>What stands on each application node between the application and the servers.</summary>
/// <remarks>If nothing is started there, the driver gets the addresses of all servers. A read from a standby may be late.</remarks>
internal sealed record PostgreSqlFront(int Port, string Settings, Action<Machine, List<Machine>>? Start, bool ReadsStandbys = false)
{
    public const string User = "postgres";

    public static PostgreSqlFront HaProxy { get; } = new(5000, string.Empty, StartHaProxy);
    /// <summary>pgpool-II, which sends reads to all servers. It takes a server back when the server streams again.</summary>
    public static PostgreSqlFront Pgpool { get; } = new(9999, string.Empty, StartPgpool, ReadsStandbys: true);

    public static PostgreSqlFront Npgsql(string attributes) =>
        new(5432, $";Target Session Attributes={attributes};Host Recheck Seconds=1", null, attributes == "prefer-standby");

    public static PostgreSqlFront PgBouncer(string mode) => new(
        6432, mode == "session" ? string.Empty : ";No Reset On Close=true", (app, servers) => StartPgBouncer(app, servers, mode));

    private static void StartHaProxy(Machine app, List<Machine> servers)
    {
        var lines = servers.Select(server => $"  server {server.Name} {server.Address}:5432 check port 8008");
        app.Start(User, ["haproxy", "-db", "-f", app.Configure("haproxy.cfg", ("servers", string.Join('\n', lines)))]);
    }

    private static void StartPgBouncer(Machine app, List<Machine> servers, string mode)
    {
        StartHaProxy(app, servers);
        var users = app.Write("users.txt", $"\"{User}\" \"\"\n");
        app.Start(User, ["pgbouncer", app.Configure("pgbouncer.ini", ("users", users), ("mode", mode))]);
    }

    private static void StartPgpool(Machine app, List<Machine> servers)
    {
        var backends = servers.Select((server, number) => $"""
            backend_hostname{number} = '{server.Address}'
            backend_port{number} = 5432
            backend_weight{number} = 1
            backend_flag{number} = 'ALLOW_TO_FAILOVER'
            backend_application_name{number} = '{server.Name}'
            """);
        var settings = app.Configure("pgpool.conf", ("servers", string.Join('\n', backends)));
        app.Start(User, ["pgpool", "-n", "-f", settings, "-F", app.Write("pcp.conf", string.Empty)]);
    }
}
