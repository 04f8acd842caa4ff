namespace Callroute.Mfa.TestServers;

/// <summary>A separate Redis Cluster with three primaries and no replica.</summary>
public sealed class RedisClusterServer : IAsyncDisposable
{
    private static readonly TimeSpan JoinTimeOut = TimeSpan.FromSeconds(30);

    private RedisClusterServer(RedisServer[] nodes) => Nodes = nodes;

    /// <summary>Null if it can run, else the reason for skipping.</summary>
    public static string? WhyMissing => RedisServer.WhyMissing;

    /// <summary>The primaries.</summary>
    public IReadOnlyList<RedisServer> Nodes { get; }

    /// <summary>The connection string of a client.</summary>
    public string ConnectionString => string.Join(',', Nodes.Select(node => node.ConnectionString));

    /// <summary>Starts three servers and joins them.</summary>
    public static async Task<RedisClusterServer> StartNewAsync()
    {
        var nodes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StartNodeAsync()));
        var cluster = new RedisClusterServer(nodes);
        var addresses = nodes.Select(node => node.ConnectionString);
        ServerProcess.Run(RedisServer.Client!, ["--cluster", "create", .. addresses, "--cluster-replicas", "0", "--cluster-yes"]);
        await cluster.WaitUntilJoinedAsync();
        return cluster;
    }

    /// <summary>
    /// Starts a server that can join a cluster. Its cluster bus gets a free port too: the usual one, 10,000 higher, may be taken.
    /// </summary>
    /// <param name="settings">More arguments of its command line.</param>
    public static Task<RedisServer> StartNodeAsync(params string[] settings) =>
        RedisServer.StartNewAsync(
        [
            "--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--cluster-port", $"{TestServer.FreePort()}", .. settings,
        ]);

    /// <summary>Waits until every node reports that all slots are served.</summary>
    private async Task WaitUntilJoinedAsync()
    {
        using var timeOut = new CancellationTokenSource(JoinTimeOut);
        while (!Nodes.All(node => node.Execute("CLUSTER", "INFO").Contains("cluster_state:ok", StringComparison.Ordinal)))
        {
            await Task.Delay(50, timeOut.Token);
        }
    }

    /// <summary>Kills the nodes and deletes their folders.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }
    }
}
