using static Callroute.Mfa.Reliability.AppFaults;

namespace Callroute.Mfa.Reliability;

/// <summary>
/// A kind of topology. One without chosen faults is run with every fault. The others differ from such a one in a proxy or a setting, and are
/// run with the faults that this matters for.
/// </summary>
internal sealed record Kind(string Name, Func<Shell, Topology> Create, params string[] Chosen);

/// <summary>Every topology, and the faults that it is run with.</summary>
internal static class Topologies
{
    // The service judges its node's clock and no store does, so two stores show it.
    private static readonly string[] WithClocks = ["sqlite", "patroni-haproxy"];

    public static IReadOnlyList<Kind> All { get; } =
    [
        new("sqlite", shell => new SqliteTopology(shell, "sqlite")),
        new("non-atomic", shell => new SqliteTopology(shell, "non-atomic"), None),
        new("redis-sentinel", shell => new RedisSentinelTopology(shell)),
        new("redis-sentinel-not-durable", shell => new RedisSentinelTopology(shell, isDurable: false),
            "kill-primary", "hang-primary", "partition-primary"),
        new("redis-replica-reads", shell => new RedisSentinelTopology(shell, isDirect: true), None, "switchover"),
        new("redis-evicting", shell => new RedisSentinelTopology(shell, isDurable: false, evicts: true), None),
        new("redis-cluster", shell => new RedisClusterTopology(shell)),
        new("galera", shell => new GaleraTopology(shell)),
        new("galera-no-sync-wait", shell => new GaleraTopology(shell, waits: false), None, "slow-network"),
        new("patroni-haproxy", shell => new PatroniTopology(shell, PostgreSqlFront.HaProxy)),
        new("patroni-npgsql", shell => new PatroniTopology(shell, PostgreSqlFront.Npgsql("primary")),
            None, "kill-primary", "hang-primary", "partition-primary", "switchover"),
        new("patroni-asynchronous", shell => new PatroniTopology(shell, PostgreSqlFront.HaProxy, isSynchronous: false),
            "kill-primary", "partition-primary"),
        new("patroni-prefer-standby", shell => new PatroniTopology(shell, PostgreSqlFront.Npgsql("prefer-standby")), None, "slow-network"),
        PgBouncer("session"),
        PgBouncer("transaction"),
        PgBouncer("statement"),
        new("pgpool", shell => new PatroniTopology(shell, PostgreSqlFront.Pgpool), None, "kill-primary", "hang-primary", "slow-network"),
    ];

    /// <summary>Every pair, in the order of the table, and whether it is run.</summary>
    public static IEnumerable<(CellName Name, bool IsRun)> Pairs => All.SelectMany(kind => Names
        .Concat(ExampleOf(kind).Faults.Select(fault => fault.Name))
        .Select(fault => (new CellName(kind.Name, fault), IsRun(kind, fault))));

    public static IEnumerable<CellName> Cells => Pairs.Where(pair => pair.IsRun).Select(pair => pair.Name);

    /// <summary>Unsafe topologies in which codes are accepted twice.</summary>
    public static IReadOnlyList<CellName> Teeth { get; } =
    [
        new("non-atomic", None), new("patroni-asynchronous", "partition-primary"), new("redis-sentinel-not-durable", "partition-primary"),
    ];

    /// <summary>One cell of each safe topology, with a fault that ends at once.</summary>
    public static IEnumerable<CellName> ShortCells => All.Where(kind => ExampleOf(kind).Promises.AreAll)
        .Select(kind => new CellName(kind.Name, kind.Name == "sqlite" ? "full-disk" : "partition-app"));

    private static Kind PgBouncer(string mode) => new(
        $"pgbouncer-{mode}", shell => new PatroniTopology(shell, PostgreSqlFront.PgBouncer(mode)), None, "kill-primary", "hang-primary");

    // It is not started.
    private static Topology ExampleOf(Kind kind) => kind.Create(new Shell(CancellationToken.None));

    private static bool IsRun(Kind kind, string fault) => kind.Chosen.Contains(fault)
        || (kind.Chosen is [] && (WithClocks.Contains(kind.Name) || !ClockNames.Contains(fault)));
}
