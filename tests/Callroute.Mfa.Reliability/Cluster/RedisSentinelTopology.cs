namespace Callroute.Mfa.Reliability.Cluster;

/// <summary>Three Redis servers, each with a Sentinel on the same machine.</summary>
/// <param name="shell">Runs the commands.</param>
/// <param name="isDurable">Whether the store waits for a replica.</param>
/// <param name="isDirect">
/// Each application node knows one server and no Sentinel, so that two of them read from replicas and cannot write.
/// </param>
/// <param name="evicts">Whether the servers throw records away when their memory is full.</param>
internal sealed class RedisSentinelTopology(Shell shell, bool isDurable = true, bool isDirect = false, bool evicts = false)
    : ClusterTopology(shell, new Promises(isDurable, isDurable && !isDirect))
{
    private const int SentinelPort = 26379;

    // An empty server uses about 1.5 MB; a record of a user is 2 to 6 KB.
    private const string Evicting = "maxmemory 2500kb; maxmemory-policy allkeys-random";

    public override StoreSpec StoreOf(int appNode)
    {
        var sentinels = string.Join(',', Servers.Select(server => $"{server.Address}:{SentinelPort}"));
        var servers = isDirect ? $"{Servers[appNode].Address}:{Redis.Port}" : $"{sentinels},serviceName=mfa";
        return new StoreSpec("redis", $"{servers},abortConnect=false,connectTimeout=2000,syncTimeout=1000", isDurable);
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
            var follows = server == Servers[0] ? string.Empty : $"replicaof {Servers[0].Address} {Redis.Port}; ";
            Redis.Start(server, $"{follows}{(evicts ? Evicting : string.Empty)}");
        }

        await UntilAsync("the replicas follow", () => HasReplicasAsync(Servers[0]));
        foreach (var server in Servers)
        {
            Redis.StartProgram(server, "redis-sentinel", SentinelPort, $"""
                sentinel monitor mfa {Servers[0].Address} {Redis.Port} 2
                sentinel down-after-milliseconds mfa 3000; sentinel failover-timeout mfa 10000
                """);
        }
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
