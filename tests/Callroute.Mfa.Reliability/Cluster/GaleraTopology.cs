namespace Callroute.Mfa.Reliability.Cluster;

/// <summary>Three MariaDB servers with Galera. Each application node uses another server, so each server takes writes.</summary>
/// <remarks>If it waits, a read waits until its server has applied what the others committed (<c>wsrep_sync_wait=1</c>).</remarks>
internal sealed class GaleraTopology(Shell shell, bool waits = true)
    : ClusterTopology(shell, new Promises(SingleUse: false, KeepsAcknowledged: false))
{
    private const string User = "mysql";

    // Every server is a primary.
    protected override IEnumerable<string> Without => ["kill-replica", "hang-replica", "switchover"];

    public override StoreSpec StoreOf(int appNode) => new(
        "mysql", $"Server={Servers[appNode].Address};User ID=app;Database=mfa;Connection Timeout=3;Cancellation Timeout=-1");

    protected override async Task<Machine?> FindPrimaryAsync() => await Servers.ToAsyncEnumerable().FirstOrDefaultAsync(
        async (server, _) => (await StateAsync(server))?.EndsWith("Synced", StringComparison.Ordinal) == true);

    protected override async Task StartServersAsync()
    {
        foreach (var server in Servers)
        {
            await server.RunAsync("install", "--directory", $"--owner={User}", "--mode=700", DataOf(server));
        }

        var first = Servers[0];
        await first.RunAsync(Machine.As(
            User, "mariadb-install-db", "--no-defaults", $"--datadir={DataOf(first)}", "--auth-root-authentication-method=normal",
            "--skip-test-db"));
        first.Start(User, CommandOf(first), "--wsrep-new-cluster");
        await UntilAsync("the first server is ready", () => IsInClusterOfAsync(first, 1));
        await AskAsync(first, "CREATE DATABASE mfa; CREATE USER app; GRANT ALL ON mfa.* TO app");
        Servers[1..].ForEach(server => server.Start(User, CommandOf(server)));
    }

    protected override async Task<bool> IsWholeAsync() =>
        await Servers.ToAsyncEnumerable().AllAsync(async (server, _) => await IsInClusterOfAsync(server, Servers.Count));

    private static async Task<bool> IsInClusterOfAsync(Machine server, int size) => await StateAsync(server) == $"{size},Synced";

    private static Task<string?> StateAsync(Machine server) => AskAsync(
        server,
        "SELECT GROUP_CONCAT(VARIABLE_VALUE ORDER BY VARIABLE_NAME) FROM information_schema.GLOBAL_STATUS"
        + " WHERE VARIABLE_NAME IN ('WSREP_CLUSTER_SIZE', 'WSREP_LOCAL_STATE_COMMENT')");

    private static Task<string?> AskAsync(Machine server, string statement) =>
        server.AskAsync(["mariadb", "--no-defaults", "--user=root", $"--socket={server.Folder}/socket", "-Bse", statement]);

    private static string DataOf(Machine server) => $"{server.Folder}/data";

    private string[] CommandOf(Machine server) =>
    [
        "mariadbd", "--no-defaults", $"--datadir={DataOf(server)}", $"--tmpdir={server.Folder}", $"--socket={server.Folder}/socket",
        $"--pid-file={server.Folder}/pid", "--bind-address=0.0.0.0", "--binlog-format=ROW", "--innodb-autoinc-lock-mode=2",
        "--wsrep-on=ON", "--wsrep-provider=/usr/lib/galera/libgalera_smm.so", "--wsrep-provider-options=gcache.size=32M",
        $"--wsrep-cluster-address=gcomm://{string.Join(',', Servers.Select(other => other.Address))}", "--wsrep-sst-method=rsync",
        $"--wsrep-node-address={server.Address}", $"--wsrep-sync-wait={(waits ? 1 : 0)}",
    ];
}
