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
        Create("redis-cluster", name => new RedisClusterTopology(name)),
        Create("galera", name => new GaleraTopology(name)),
        Create("galera-no-sync-wait", name => new GaleraTopology(name, waits: false)),
        Create("patroni-haproxy", name => new PatroniTopology(name, PostgreSqlFront.HaProxy)),
        Create("patroni-npgsql", name => new PatroniTopology(name, PostgreSqlFront.Npgsql("primary"))),
        Create("patroni-asynchronous", name => new PatroniTopology(name, PostgreSqlFront.HaProxy, isSynchronous: false)),
        Create("patroni-prefer-standby", name => new PatroniTopology(name, PostgreSqlFront.Npgsql("prefer-standby"))),
        Create("pgbouncer-session", name => new PatroniTopology(name, PostgreSqlFront.PgBouncer("session"))),
        Create("pgbouncer-transaction", name => new PatroniTopology(name, PostgreSqlFront.PgBouncer("transaction"))),
        Create("pgbouncer-statement", name => new PatroniTopology(name, PostgreSqlFront.PgBouncer("statement"))),
        Create("pgpool", name => new PatroniTopology(name, PostgreSqlFront.Pgpool)),
    }.ToDictionary();

    private static KeyValuePair<string, Func<ClusterTopology>> Create(string name, Func<string, ClusterTopology> create) =>
        new(name, () => create(name));
}
