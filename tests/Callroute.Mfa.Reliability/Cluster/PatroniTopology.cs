namespace Callroute.Mfa.Reliability.Cluster;

/// <summary>Three PostgreSQL servers with Patroni on etcd.</summary>
/// <param name="shell">Runs the commands.</param>
/// <param name="front">How the application nodes reach the servers.</param>
/// <param name="isSynchronous">Whether a commit waits for a replica.</param>
internal sealed class PatroniTopology(Shell shell, PostgreSqlFront front, bool isSynchronous = true)
    : ClusterTopology(shell, new Promises(isSynchronous, isSynchronous && !front.PrefersStandby))
{
    private const string Port = "5432";
    private const string User = "postgres";

    // PostgreSQL reads its clock with the shift that stands in a file. Patroni, which starts it, reads the true clock.
    private const string AddPrograms = """
        mkdir $0
        ln -s $1/* $0
        rm $0/postgres
        faked="LD_PRELOAD=$(ls /usr/lib/*/faketime/libfaketime.so.1) FAKETIME_TIMESTAMP_FILE=$2"
        faked="$faked FAKETIME_CACHE_DURATION=1 FAKETIME_DONT_FAKE_MONOTONIC=1"
        printf '#!/bin/sh\nexec env %s %s/postgres "$@"\n' "$faked" $1 >$0/postgres
        chmod 755 $0/postgres
        """;

    private static string Programs => Directory.GetDirectories("/usr/lib/postgresql").Order().Last() + "/bin";

    protected override IEnumerable<Fault> OwnFaults => [ClockFault("clock-ahead", "+300"), ClockFault("clock-behind", "-300")];

    private string Hosts => front.Start is null ? string.Join(',', Servers.Select(server => server.Address)) : "127.0.0.1";

    public override StoreSpec StoreOf(int appNode) => new(
        "postgresql",
        $"Host={Hosts};Port={front.Port};Username={User};Database={User};Timeout=3;Command Timeout=4;Maximum Pool Size=30{front.Settings}");

    protected override async Task<Machine?> FindPrimaryAsync()
    {
        foreach (var server in Servers)
        {
            var leader = await server.AskAsync(
                ["env", "ETCDCTL_API=2", "etcdctl", "--total-timeout=2s", "get", "--quorum", "/service/mfa/leader"]);
            if (Servers.FirstOrDefault(other => other.Name == leader) is { } primary
                && await QueryAsync(primary, "SELECT pg_is_in_recovery()") == "f")
            {
                return primary;
            }
        }

        return null;
    }

    protected override async Task StartServersAsync()
    {
        foreach (var server in Servers)
        {
            StartEtcd(server);
            await StartPatroniAsync(server);
        }

        foreach (var app in Apps)
        {
            front.Start?.Invoke(app, Servers);
        }
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

    private static Task<string?> QueryAsync(Machine from, string query, string server = $"host=127.0.0.1 port={Port}") =>
        from.AskAsync([$"{Programs}/psql", $"{server} user={User} dbname={User} connect_timeout=2", "-Atc", query]);

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

    // A time to live of 20 s is the smallest that Patroni takes: a primary that is lost is replaced after about as long. With version 3 of
    // etcd's protocol, Patroni 3.0 lets a primary that hung write itself down as the leader again, without a look at who leads now.
    private async Task StartPatroniAsync(Machine server)
    {
        await server.Shell.ScriptAsync(AddPrograms, $"{server.Folder}/bin", Programs, server.Write("clock", "+0"));
        server.Start(User, ["patroni", server.Write("patroni.yml", $$"""
            scope: mfa
            name: {{server.Name}}
            restapi: {listen: '{{server.Address}}:8008', connect_address: '{{server.Address}}:8008'}
            etcd: {hosts: '{{string.Join(",", Servers.Select(other => $"{other.Address}:2379"))}}'}
            bootstrap:
              dcs:
                {ttl: 20, loop_wait: 1, retry_timeout: 5, maximum_lag_on_failover: 104857600, synchronous_mode: {{isSynchronous}},
                postgresql: {use_pg_rewind: true, parameters: {max_connections: 300, wal_keep_size: 128MB, max_wal_size: 256MB} } }
              initdb: [{encoding: UTF8}, {locale: C}, {auth: trust}, no-sync]
              pg_hba: [host all all all trust, host replication all all trust]
            postgresql:
              {listen: '0.0.0.0:{{Port}}', connect_address: '{{server.Address}}:{{Port}}',
              data_dir: {{server.Folder}}/data, bin_dir: {{server.Folder}}/bin, pgpass: {{server.Folder}}/pgpass,
              authentication: {superuser: {username: {{User}} }, replication: {username: {{User}} } },
              parameters: {unix_socket_directories: '', shared_buffers: 64MB, dynamic_shared_memory_type: mmap} }
            """)]);
    }

    private Fault ClockFault(string fault, string shift) => OnPrimary(fault, primary =>
    {
        primary.Write("clock", shift);
        return Task.CompletedTask;
    }) with
    {
        EndAsync = () =>
        {
            Servers.ToList().ForEach(server => server.Write("clock", "+0"));
            return Task.CompletedTask;
        },
    };
}
