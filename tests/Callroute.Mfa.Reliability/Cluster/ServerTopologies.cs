namespace Callroute.Mfa.Reliability.Cluster;

/// <summary>Every topology of servers, by its name.</summary>
internal static class ServerTopologies
{
    public static IReadOnlyDictionary<string, Func<ClusterTopology>> All { get; } = new[]
    {
        Create("redis-sentinel", name => new RedisSentinelTopology(name)),
        Create("redis-sentinel-not-durable", name => new RedisSentinelTopology(name, isDurable: false)),
        Create("redis-replica-reads", name => new RedisSentinelTopology(name, isDirect: true)),
        Create("redis-evicting", name => new RedisSentinelTopology(name, isDurable: false, evicts: true)),
    }.ToDictionary();

    private static KeyValuePair<string, Func<ClusterTopology>> Create(string name, Func<string, ClusterTopology> create) =>
        new(name, () => create(name));
}
