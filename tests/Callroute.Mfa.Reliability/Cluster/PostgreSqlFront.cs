namespace Callroute.Mfa.Reliability.Cluster;

/// <summary>What stands on each application node between the application and the servers.</summary>
/// <param name="Port">The port that the application connects to.</param>
/// <param name="Settings">More settings of its connection string.</param>
/// <param name="Start">Starts it on an application node, for these servers. Null: the driver gets the addresses of all servers.</param>
internal sealed record PostgreSqlFront(int Port, string Settings, Action<Machine, IReadOnlyList<Machine>>? Start)
{
    private const string User = "postgres";

    public bool PrefersStandby => Settings.Contains("prefer-standby", StringComparison.Ordinal);

    /// <summary>HAProxy, which asks Patroni every second which server is the primary.</summary>
    public static PostgreSqlFront HaProxy { get; } = new(5000, string.Empty, StartHaProxy);

    /// <summary>
    /// pgpool-II, which sends reads to all servers. It takes a server back when the server streams again.
    /// </summary>
    public static PostgreSqlFront Pgpool { get; } = new(9999, string.Empty, StartPgpool);

    /// <summary>Npgsql with the addresses of all servers.</summary>
    /// <param name="attributes">The kind of server that it wants.</param>
    public static PostgreSqlFront Npgsql(string attributes) =>
        new(5432, $";Target Session Attributes={attributes};Host Recheck Seconds=1", null);

    /// <summary>PgBouncer before HAProxy.</summary>
    /// <param name="mode"><c>session</c>, <c>transaction</c> or <c>statement</c>.</param>
    public static PostgreSqlFront PgBouncer(string mode) => new(
        6432, mode == "session" ? string.Empty : ";No Reset On Close=true", (app, servers) => StartPgBouncer(app, servers, mode));

    private static void StartHaProxy(Machine app, IReadOnlyList<Machine> servers)
    {
        var lines = servers.Select(server => $"server {server.Name} {server.Address}:5432 check port 8008");
        app.Start(User, ["haproxy", "-db", "-f", app.Configure("haproxy.cfg", $"""
            defaults
            mode tcp; timeout connect 2s; timeout check 2s; timeout client 10m; timeout server 10m
            listen primary
            bind 127.0.0.1:5000; option httpchk OPTIONS /primary; http-check expect status 200
            default-server inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
            {string.Join('\n', lines)}
            """)]);
    }

    private static void StartPgBouncer(Machine app, IReadOnlyList<Machine> servers, string mode)
    {
        StartHaProxy(app, servers);
        app.Start(User, ["pgbouncer", app.Configure("pgbouncer.ini", $"""
            [databases]
            * = host=127.0.0.1 port=5000
            [pgbouncer]
            listen_addr = 127.0.0.1; listen_port = 6432; unix_socket_dir =; pool_mode = {mode}
            auth_type = trust; auth_file = {app.Write("users.txt", $"\"{User}\" \"\"\n")}
            server_login_retry = 1; server_connect_timeout = 3
            """)]);
    }

    private static void StartPgpool(Machine app, IReadOnlyList<Machine> servers)
    {
        var backends = servers.Select((server, number) => $"""
            backend_hostname{number} = '{server.Address}'; backend_port{number} = 5432; backend_weight{number} = 1
            backend_flag{number} = 'ALLOW_TO_FAILOVER'; backend_application_name{number} = '{server.Name}'
            """);
        var settings = app.Configure("pgpool.conf", $"""
            {string.Join('\n', backends)}
            listen_addresses = '127.0.0.1'; port = 9999; socket_dir = '{app.Folder}'
            pcp_listen_addresses = '127.0.0.1'; pcp_socket_dir = '{app.Folder}'
            pid_file_name = '{app.Folder}/pgpool.pid'; logdir = '{app.Folder}'; pool_passwd = ''
            backend_clustering_mode = 'streaming_replication'; load_balance_mode = on; num_init_children = 40; max_pool = 1
            sr_check_period = 1; sr_check_user = '{User}'; sr_check_database = '{User}'; sr_check_password = 'unused'
            health_check_period = 2; health_check_timeout = 2
            health_check_user = '{User}'; health_check_database = '{User}'; health_check_password = 'unused'
            failover_on_backend_error = off; connect_timeout = 2000
            auto_failback = on; auto_failback_interval = 3; search_primary_node_timeout = 0
            """);
        app.Start(User, ["pgpool", "-n", "-f", settings, "-F", app.Write("pcp.conf", string.Empty)]);
    }
}
