namespace Callroute.Mfa.Reliability.Cluster;

/// <summary>Three Redis servers, each with a Sentinel on the same machine.</summary>
/// <param name="name">Its name in the table.</param>
/// <param name="isDurable">Whether the store waits for a replica.</param>
/// <param name="isDirect">
/// Each application node knows one server and no Sentinel, so that two of them read from replicas and cannot write.
/// </param>
/// <param name="evicts">Whether the servers throw records away when their memory is full.</param>
internal sealed class RedisSentinelTopology(string name, bool isDurable = true, bool isDirect = false, bool evicts = false)
    : ClusterTopology(name, new Promises(isDurable, isDurable && !isDirect))
{
    private const int SentinelPort = 26379;

    // An empty server uses about 1.5 MB; a record of a user is 2 to 6 KB.
    private const string Evicting = "maxmemory 2500kb\nmaxmemory-policy allkeys-random";

    /// <inheritdoc/>
    public override StoreSpec StoreOf(int appNode)
    {
        var sentinels = string.Join(',', Servers.Select(server => $"{server.Address}:{SentinelPort}"));
        var servers = isDirect ? $"{Servers[appNode].Address}:{Redis.Port}" : $"{sentinels},serviceName=mfa";
        return new StoreSpec("redis", $"{servers},abortConnect=false,connectTimeout=2000,syncTimeout=1000", isDurable);
    }

    // As most Sentinels say.
    /// <inheritdoc/>
    public override async Task<Machine?> FindPrimaryAsync(CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(Servers.Select(sentinel =>
            Redis.AskAsync(sentinel, SentinelPort, "SENTINEL GET-MASTER-ADDR-BY-NAME mfa", cancellationToken)));
        var primary = Servers.FirstOrDefault(server => answers.Count(answer => answer?.Split('\n')[0] == server.Address) > 1);
        return primary is not null && await Redis.IsPrimaryAsync(primary, cancellationToken) ? primary : null;
    }

    // A Sentinel looks for replicas every 10 s only: those that are there when it starts, it knows at once.
    /// <inheritdoc/>
    protected override async Task StartServersAsync(CancellationToken cancellationToken)
    {
        foreach (var server in Servers)
        {
            var follows = server == Servers[0] ? string.Empty : $"replicaof {Servers[0].Address} {Redis.Port}";
            Redis.Start(server, $"{follows}\n{(evicts ? Evicting : string.Empty)}");
        }

        await UntilAsync("the replicas follow", () => HasReplicasAsync(Servers[0], cancellationToken), cancellationToken);
        foreach (var server in Servers)
        {
            Redis.StartProgram(server, "redis-sentinel", $"""
                port {SentinelPort}
                bind 0.0.0.0
                protected-mode no
                dir {server.Folder}
                sentinel monitor mfa {Servers[0].Address} {Redis.Port} 2
                sentinel down-after-milliseconds mfa 3000
                sentinel failover-timeout mfa 10000
                """);
        }
    }

    /// <inheritdoc/>
    protected override async Task<bool> IsWholeAsync(CancellationToken cancellationToken)
    {
        foreach (var sentinel in Servers)
        {
            var state = await Redis.AskAsync(sentinel, SentinelPort, "SENTINEL MASTER mfa", cancellationToken);
            if (state?.Contains("\nnum-slaves\n2\nnum-other-sentinels\n2\n", StringComparison.Ordinal) != true)
            {
                return false;
            }
        }

        return await FindPrimaryAsync(cancellationToken) is { } primary && await HasReplicasAsync(primary, cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task SwitchOverAsync(Machine primary, CancellationToken cancellationToken) =>
        Redis.AskAsync(primary, SentinelPort, "SENTINEL FAILOVER mfa", cancellationToken);

    private async Task<bool> HasReplicasAsync(Machine primary, CancellationToken cancellationToken) =>
        await Redis.CountReplicasAsync(primary, cancellationToken) == Servers.Count - 1;
}
