namespace Callroute.Mfa.Reliability.Cluster;

/// <summary>Redis Cluster with three primaries and three replicas.</summary>
/// <param name="name">Its name in the table.</param>
internal sealed class RedisClusterTopology(string name)
    : ClusterTopology(name, new Promises(SingleUse: true, KeepsAcknowledged: true))
{
    /// <inheritdoc/>
    protected override int ServerCount => 6;

    /// <inheritdoc/>
    protected override IEnumerable<Fault> OwnFaults => [new("resharding", MoveSlotsAsync, BalanceAsync)];

    /// <inheritdoc/>
    public override StoreSpec StoreOf(int appNode) => new(
        "redis",
        $"{string.Join(',', Servers.Select(server => $"{server.Address}:{Redis.Port}"))},abortConnect=false,connectTimeout=2000",
        RequireDurable: true);

    /// <inheritdoc/>
    public override async Task<Machine?> FindPrimaryAsync(CancellationToken cancellationToken) =>
        (await NodesAsync(cancellationToken)).FirstOrDefault(node => node.HasLastSlot)?.Server;

    /// <inheritdoc/>
    protected override async Task<Machine> ReplicaOfAsync(Machine primary, CancellationToken cancellationToken)
    {
        var nodes = await NodesAsync(cancellationToken);
        var id = nodes.Single(node => node.Server == primary).Id;
        return nodes.First(node => node.Primary == id).Server;
    }

    /// <inheritdoc/>
    protected override async Task StartServersAsync(CancellationToken cancellationToken)
    {
        foreach (var server in Servers)
        {
            Redis.Start(server, "cluster-enabled yes\ncluster-node-timeout 3000");
        }

        foreach (var server in Servers)
        {
            await UntilAsync($"{server.Name} answers", () => Redis.IsPrimaryAsync(server, cancellationToken), cancellationToken);
        }

        await ManageAsync(["create", .. Servers.Select(AddressOf), "--cluster-replicas", "1"], cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task<bool> IsWholeAsync(CancellationToken cancellationToken)
    {
        foreach (var server in Servers)
        {
            if (!await IsOkAsync(server, cancellationToken)
                || (await Redis.IsPrimaryAsync(server, cancellationToken)
                    && await Redis.CountReplicasAsync(server, cancellationToken) == 0))
            {
                return false;
            }
        }

        return (await NodesAsync(cancellationToken)).Count(node => node.Primary is null) == 3;
    }

    /// <inheritdoc/>
    protected override async Task SwitchOverAsync(Machine primary, CancellationToken cancellationToken) => await Redis.AskAsync(
        await ReplicaOfAsync(primary, cancellationToken), Redis.Port, "CLUSTER FAILOVER", cancellationToken);

    private async Task MoveSlotsAsync(CancellationToken cancellationToken)
    {
        var nodes = await NodesAsync(cancellationToken);
        var from = nodes.First(node => node.HasLastSlot);
        var to = nodes.First(node => node.Primary is null && node != from);
        await ManageAsync(
            ["reshard", AddressOf(from.Server), "--cluster-from", from.Id, "--cluster-to", to.Id, "--cluster-slots", "2000"],
            cancellationToken);
    }

    private Task<string> BalanceAsync(CancellationToken cancellationToken) =>
        ManageAsync(["rebalance", AddressOf(Servers[0])], cancellationToken);

    private Task<string> ManageAsync(IEnumerable<string> command, CancellationToken cancellationToken) =>
        Shell.RunAsync(Servers[0].On(["redis-cli", "--cluster", .. command, "--cluster-yes"]), cancellationToken);

    // As the first server says that takes part in a cluster with all slots.
    private async Task<IReadOnlyList<Node>> NodesAsync(CancellationToken cancellationToken)
    {
        foreach (var server in Servers)
        {
            if (await IsOkAsync(server, cancellationToken)
                && await Redis.AskAsync(server, Redis.Port, "CLUSTER NODES", cancellationToken) is { } nodes)
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

    private static async Task<bool> IsOkAsync(Machine server, CancellationToken cancellationToken) =>
        await Redis.AskAsync(server, Redis.Port, "CLUSTER INFO", cancellationToken) is { } info
        && info.Contains("cluster_state:ok", StringComparison.Ordinal);

    private static string AddressOf(Machine server) => $"{server.Address}:{Redis.Port}";

    /// <param name="Id">How the cluster names the node.</param>
    /// <param name="Server">Its machine.</param>
    /// <param name="Primary">The id of the primary that it follows; null if it is one itself.</param>
    /// <param name="HasLastSlot">Whether it is the primary of the last slot, which faults of the primary hit.</param>
    private sealed record Node(string Id, Machine Server, string? Primary, bool HasLastSlot);
}
