namespace Callroute.Mfa.Reliability.Cluster;

// If durable, the store waits for both replicas. If direct, each application node knows one server and no Sentinel: two of them read from
// replicas and cannot write. A server that evicts throws records away when its memory is full.
internal sealed class RedisSentinelTopology(Shell shell, bool isDurable = true, bool isDirect = false, bool evicts = false)
    : ClusterTopology(shell, new Promises(isDurable, isDurable && !isDirect))
{
    private const int SentinelPort = 26379;

    // An empty server uses about 1.5 MB; a record of a user is 2 to 6 KB.
    private const string Evicting = "maxmemory 2500kb\nmaxmemory-policy allkeys-random";

    public override StoreSpec StoreOf(int appNode)
    {
        var sentinels = string.Join(',', Servers.Select(server => $"{server.Address}:{SentinelPort}"));
        var servers = isDirect ? Redis.AddressOf(Servers[appNode]) : $"{sentinels},serviceName=mfa";
        return new StoreSpec("redis", $"{servers},abortConnect=false,connectTimeout=2000,syncTimeout=1000", isDurable ? 2 : null);
    }

    // As most Sentinels say.
    protected override async Task<Machine?> FindPrimaryAsync()
    {
        var answers = await Task.WhenAll(Servers.Select(server => AskSentinelAsync(server, "GET-MASTER-ADDR-BY-NAME")));
        var primary = Servers.FirstOrDefault(server => answers.Count(answer => answer?.Split('\n')[0] == server.Address) > 1);
        return primary is not null && await Redis.IsPrimaryAsync(primary) ? primary : null;
    }

    // A Sentinel looks for replicas every 10 s only: those that are there when it starts, it knows at once.
    protected override async Task StartServersAsync()
    {
        foreach (var server in Servers)
        {
            var follows = server == Servers[0] ? string.Empty : $"replicaof {Servers[0].Address} 6379\n";
            Redis.Start(server, "redis-server", "more", $"{follows}{(evicts ? Evicting : string.Empty)}");
        }

        await UntilAsync("the replicas follow", () => HasReplicasAsync(Servers[0]));
        Servers.ForEach(server => Redis.Start(server, "redis-sentinel", "primary", Servers[0].Address));
    }

    protected override async Task<bool> IsWholeAsync() =>
        await Servers.ToAsyncEnumerable().AllAsync(async (server, _) => (await AskSentinelAsync(server, "MASTER"))
            ?.Contains("\nnum-slaves\n2\nnum-other-sentinels\n2\n", StringComparison.Ordinal) == true)
        && await FindPrimaryAsync() is { } primary && await HasReplicasAsync(primary);

    protected override Task SwitchOverAsync(Machine primary) => AskSentinelAsync(primary, "FAILOVER");

    private static Task<string?> AskSentinelAsync(Machine server, string verb) =>
        Redis.AskAsync(server, $"SENTINEL {verb} mfa", SentinelPort);

    private async Task<bool> HasReplicasAsync(Machine primary) => await Redis.CountReplicasAsync(primary) == Servers.Count - 1;
}

internal sealed class RedisClusterTopology(Shell shell)
    : ClusterTopology(shell, new Promises(SingleUse: true, KeepsAcknowledged: true), serverCount: 6)
{
    protected override IEnumerable<Fault> OwnFaults => [new("resharding", MoveSlotsAsync, BalanceAsync)];

    public override StoreSpec StoreOf(int appNode) => new(
        "redis", $"{string.Join(',', Servers.Select(Redis.AddressOf))},abortConnect=false,connectTimeout=2000", DurableReplicas: 1);

    protected override async Task<Machine?> FindPrimaryAsync() => (await NodesAsync()).FirstOrDefault(node => node.HasLastSlot)?.Server;

    protected override async Task<Machine> ReplicaOfAsync(Machine primary)
    {
        var nodes = await NodesAsync();
        var id = nodes.Single(node => node.Server == primary).Id;
        return nodes.First(node => node.Primary == id).Server;
    }

    protected override async Task StartServersAsync()
    {
        Servers.ForEach(server => Redis.Start(server, "redis-server", "more", "cluster-enabled yes\ncluster-node-timeout 3000"));
        foreach (var server in Servers)
        {
            await UntilAsync($"{server.Name} answers", () => Redis.IsPrimaryAsync(server));
        }

        await ManageAsync(["create", .. Servers.Select(Redis.AddressOf), "--cluster-replicas", "1"]);
    }

    protected override async Task<bool> IsWholeAsync() =>
        await Servers.ToAsyncEnumerable().AllAsync(async (server, _) => await IsOkAsync(server)
            && (!await Redis.IsPrimaryAsync(server) || await Redis.CountReplicasAsync(server) > 0))
        && (await NodesAsync()).Count(node => node.Primary is null) == 3;

    protected override async Task SwitchOverAsync(Machine primary) =>
        await Redis.AskAsync(await ReplicaOfAsync(primary), "CLUSTER FAILOVER");

    private async Task MoveSlotsAsync()
    {
        var nodes = await NodesAsync();
        var from = nodes.First(node => node.HasLastSlot);
        var to = nodes.First(node => node.Primary is null && node != from);
        await ManageAsync(
            "reshard", Redis.AddressOf(from.Server), "--cluster-from", from.Id, "--cluster-to", to.Id, "--cluster-slots", "2000");
    }

    private Task<string> BalanceAsync() => ManageAsync("rebalance", Redis.AddressOf(Servers[0]));

    private Task<string> ManageAsync(params string[] command) =>
        Servers[0].RunAsync(["redis-cli", "--cluster", .. command, "--cluster-yes"]);

    // As the first server says that takes part in a cluster with all slots.
    private async Task<IReadOnlyList<Node>> NodesAsync()
    {
        foreach (var server in Servers)
        {
            if (await IsOkAsync(server) && await Redis.AskAsync(server, "CLUSTER NODES") is { } nodes)
            {
                return [.. nodes.Split('\n').Select(line => line.Split(' ')).Where(IsUp).Select(Read)];
            }
        }

        return [];
    }

    // "id address:port@bus flags primary ping pong epoch link slots…"; a node that has failed has the flag "fail".
    private static bool IsUp(string[] fields) => !fields[2].Split(',').Contains("fail");

    private Node Read(string[] fields) => new(
        fields[0], Servers.Single(server => fields[1].StartsWith(Redis.AddressOf(server), StringComparison.Ordinal)),
        fields[3] == "-" ? null : fields[3], fields.Skip(8).Any(slots => slots.EndsWith("-16383", StringComparison.Ordinal)));

    private static async Task<bool> IsOkAsync(Machine server) =>
        (await Redis.AskAsync(server, "CLUSTER INFO"))?.Contains("cluster_state:ok", StringComparison.Ordinal) == true;

    // Its primary is the id of the one that it follows; null if it is one itself. Faults of the primary hit the one with the last slot.
    private sealed record Node(string Id, Machine Server, string? Primary, bool HasLastSlot);
}

internal static class Redis
{
    public static void Start(Machine server, string program, string mark, string value) =>
        server.Start("redis", [program, server.Configure($"{program}.conf", (mark, value))]);

    public static string AddressOf(Machine server) => $"{server.Address}:6379";

    public static Task<string?> AskAsync(Machine server, string command, int port = 6379) =>
        server.AskAsync(["redis-cli", "-p", $"{port}", .. command.Split(' ')]);

    public static async Task<bool> IsPrimaryAsync(Machine server) =>
        (await AskAsync(server, "ROLE"))?.StartsWith("master", StringComparison.Ordinal) == true;

    public static async Task<int> CountReplicasAsync(Machine primary) =>
        (await AskAsync(primary, "INFO replication"))?.Split("state=online").Length - 1 ?? 0;
}
