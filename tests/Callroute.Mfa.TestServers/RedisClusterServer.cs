namespace Callroute.Mfa.TestServers;

/// <summary>A separate Redis Cluster with three primaries and no replica.</summary>
public sealed class RedisClusterServer : IAsyncDisposable
{
    private RedisClusterServer(RedisServer[] nodes) => Nodes = nodes;

    /// <summary>Null if it can run, else the reason for skipping.</summary>
    public static string? WhyMissing => RedisServer.WhyMissing;

    /// <summary>The primaries.</summary>
    public IReadOnlyList<RedisServer> Nodes { get; }

    /// <summary>The connection string of a client.</summary>
    public string ConnectionString => string.Join(',', Nodes.Select(node => node.ConnectionString));

    // Every node reports that all slots are served.
    private bool IsJoined =>
        Nodes.All(node => node.Execute("CLUSTER", "INFO").Contains("cluster_state:ok", StringComparison.Ordinal));

    /// <summary>Starts three servers and joins them.</summary>
    public static async Task<RedisClusterServer> StartNewAsync()
    {
        var nodes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StartNodeAsync()));
        var cluster = new RedisClusterServer(nodes);
        var addresses = nodes.Select(node => node.ConnectionString);
        ServerProcess.Run(RedisServer.Client!, ["--cluster", "create", .. addresses, "--cluster-replicas", "0", "--cluster-yes"]);
        await Waiting.UntilAsync(() => Task.FromResult(cluster.IsJoined));
        return cluster;
    }

    /// <summary>
    /// Starts a server that can join a cluster. Its cluster bus gets a free port too: the usual one, 10,000 higher, may be taken.
    /// </summary>
    /// <param name="settings">More arguments of its command line.</param>
    public static Task<RedisServer> StartNodeAsync(params string[] settings) =>
        RedisServer.StartNewAsync(
        [
            "--cluster-enabled", "yes", "--cluster-node-timeout", "30000", "--cluster-port", $"{TestServer.FreePort()}", .. settings,
        ]);

    /// <summary>Kills the nodes and deletes their folders.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }
    }
}
