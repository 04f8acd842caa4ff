namespace Callroute.Mfa.Reliability.Cluster;

/// <summary>Redis Cluster with three primaries and three replicas.</summary>
internal sealed class RedisClusterTopology(Shell shell)
    : ClusterTopology(shell, new Promises(SingleUse: true, KeepsAcknowledged: true), serverCount: 6)
{
    protected override IEnumerable<Fault> OwnFaults => [new("resharding", MoveSlotsAsync) { EndAsync = BalanceAsync }];

    public override StoreSpec StoreOf(int appNode) => new(
        "redis", $"{string.Join(',', Servers.Select(AddressOf))},abortConnect=false,connectTimeout=2000", RequireDurable: true);

    protected override async Task<Machine?> FindPrimaryAsync() => (await NodesAsync()).FirstOrDefault(node => node.HasLastSlot)?.Server;

    protected override async Task<Machine> ReplicaOfAsync(Machine primary)
    {
        var nodes = await NodesAsync();
        var id = nodes.Single(node => node.Server == primary).Id;
        return nodes.First(node => node.Primary == id).Server;
    }

    protected override async Task StartServersAsync()
    {
        foreach (var server in Servers)
        {
            Redis.Start(server, "cluster-enabled yes; cluster-node-timeout 3000");
        }

        foreach (var server in Servers)
        {
            await UntilAsync($"{server.Name} answers", () => Redis.IsPrimaryAsync(server));
        }

        await ManageAsync(["create", .. Servers.Select(AddressOf), "--cluster-replicas", "1"]);
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
            "reshard", AddressOf(from.Server), "--cluster-from", from.Id, "--cluster-to", to.Id, "--cluster-slots", "2000");
    }

    private Task<string> BalanceAsync() => ManageAsync("rebalance", AddressOf(Servers[0]));

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
        fields[0], Servers.Single(server => fields[1].StartsWith(AddressOf(server), StringComparison.Ordinal)),
        fields[3] == "-" ? null : fields[3], fields.Skip(8).Any(slots => slots.EndsWith("-16383", StringComparison.Ordinal)));

    private static async Task<bool> IsOkAsync(Machine server) =>
        (await Redis.AskAsync(server, "CLUSTER INFO"))?.Contains("cluster_state:ok", StringComparison.Ordinal) == true;

    private static string AddressOf(Machine server) => $"{server.Address}:{Redis.Port}";

    /// <param name="Id">How the cluster names the node.</param>
    /// <param name="Server">Its machine.</param>
    /// <param name="Primary">The id of the primary that it follows; null if it is one itself.</param>
    /// <param name="HasLastSlot">Whether it is the primary of the last slot, which faults of the primary hit.</param>
    private sealed record Node(string Id, Machine Server, string? Primary, bool HasLastSlot);
}
