namespace Callroute.Mfa.Reliability.Cluster;

/// <summary>Three MariaDB servers with Galera. Each application node uses another server, so each server takes writes.</summary>
/// <param name="name">Its name in the table.</param>
/// <param name="waits">Whether a read waits until its server has applied what the others committed (<c>wsrep_sync_wait=1</c>).</param>
internal sealed class GaleraTopology(string name, bool waits = true)
    : ClusterTopology(name, new Promises(SingleUse: true, KeepsAcknowledged: waits))
{
    private const string User = "mysql";
    private const string Install = "mariadb-install-db";

    // Every server is a primary.
    /// <inheritdoc/>
    protected override IEnumerable<string> Without => ["kill-replica", "hang-replica", "switchover"];

    /// <inheritdoc/>
    public override StoreSpec StoreOf(int appNode) => new(
        "mysql", $"Server={Servers[appNode].Address};User ID=app;Database=mfa;Connection Timeout=3;Default Command Timeout=4");

    /// <inheritdoc/>
    public override async Task<Machine?> FindPrimaryAsync(CancellationToken cancellationToken)
    {
        foreach (var server in Servers)
        {
            if ((await StateAsync(server, cancellationToken))?.EndsWith("Synced", StringComparison.Ordinal) == true)
            {
                return server;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    protected override async Task StartServersAsync(CancellationToken cancellationToken)
    {
        const string Create = "CREATE DATABASE mfa; CREATE USER app; GRANT ALL ON mfa.* TO app";
        var first = Servers[0];
        var data = await first.FolderOfAsync(User, "data", cancellationToken);
        await Shell.RunAsync(
            first.On(
                "setpriv", $"--reuid={User}", $"--regid={User}", "--init-groups", Install, "--no-defaults", $"--datadir={data}",
                "--auth-root-authentication-method=normal", "--skip-test-db"),
            cancellationToken);
        first.Start(Server(first, "--wsrep-new-cluster"));
        await UntilAsync("the first server is ready", () => IsInClusterOfAsync(first, 1, cancellationToken), cancellationToken);
        await AskAsync(first, Create, cancellationToken);
        first.StartNextTime(Server(first));
        foreach (var server in Servers.Skip(1))
        {
            await server.FolderOfAsync(User, "data", cancellationToken);
            server.Start(Server(server));
        }
    }

    /// <inheritdoc/>
    protected override async Task<bool> IsWholeAsync(CancellationToken cancellationToken)
    {
        foreach (var server in Servers)
        {
            if (!await IsInClusterOfAsync(server, Servers.Count, cancellationToken))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    protected override Task SwitchOverAsync(Machine primary, CancellationToken cancellationToken) => throw new NotSupportedException();

    private static async Task<bool> IsInClusterOfAsync(Machine server, int size, CancellationToken cancellationToken) =>
        await StateAsync(server, cancellationToken) == $"{size},Synced";

    private static Task<string?> StateAsync(Machine server, CancellationToken cancellationToken) => AskAsync(
        server,
        "SELECT GROUP_CONCAT(VARIABLE_VALUE ORDER BY VARIABLE_NAME) FROM information_schema.GLOBAL_STATUS"
        + " WHERE VARIABLE_NAME IN ('WSREP_CLUSTER_SIZE', 'WSREP_LOCAL_STATE_COMMENT')",
        cancellationToken);

    private static Task<string?> AskAsync(Machine server, string statement, CancellationToken cancellationToken) => Shell.AskAsync(
        server.On("mariadb", "--no-defaults", "--user=root", $"--socket={server.Folder}/socket", "-Bse", statement), cancellationToken);

    private Daemon Server(Machine server, params string[] more) => new(
        "mariadbd", User,
        [
            "mariadbd", "--no-defaults", $"--datadir={server.Folder}/data", $"--tmpdir={server.Folder}", $"--socket={server.Folder}/socket",
            $"--pid-file={server.Folder}/pid", "--bind-address=0.0.0.0", "--binlog-format=ROW", "--innodb-autoinc-lock-mode=2",
            "--wsrep-on=ON", "--wsrep-provider=/usr/lib/galera/libgalera_smm.so", "--wsrep-provider-options=gcache.size=32M",
            $"--wsrep-cluster-address=gcomm://{string.Join(',', Servers.Select(other => other.Address))}", "--wsrep-sst-method=rsync",
            $"--wsrep-node-address={server.Address}", $"--wsrep-sync-wait={(waits ? 1 : 0)}", .. more,
        ]);
}
