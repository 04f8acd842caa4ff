using Callroute.Mfa.Reliability.Cluster;

namespace Callroute.Mfa.Reliability;

/// <summary>Every topology, and the faults that it is run with.</summary>
internal static class Topologies
{
    // A topology that is not here is run with every fault. The service judges its node's clock and no store does, so two stores show it.
    // Those with a list differ from another one in a proxy or a setting, and are run with the faults that this matters for.
    private static readonly Dictionary<string, string[]> Chosen = new()
    {
        ["non-atomic"] = [AppFaults.None],
        ["redis-sentinel-not-durable"] = ["kill-primary", "hang-primary", "partition-primary"],
        ["redis-replica-reads"] = [AppFaults.None, "switchover"],
        ["redis-evicting"] = [AppFaults.None],
        ["galera-no-sync-wait"] = [AppFaults.None, "slow-network"],
        ["patroni-npgsql"] = [AppFaults.None, "kill-primary", "hang-primary", "partition-primary", "switchover"],
        ["patroni-asynchronous"] = ["kill-primary", "partition-primary"],
        ["patroni-prefer-standby"] = [AppFaults.None, "slow-network"],
        ["pgbouncer-session"] = [AppFaults.None, "kill-primary", "hang-primary"],
        ["pgbouncer-transaction"] = [AppFaults.None, "kill-primary", "hang-primary"],
        ["pgbouncer-statement"] = [AppFaults.None, "kill-primary", "hang-primary"],
        ["pgpool"] = [AppFaults.None, "kill-primary", "hang-primary", "slow-network"],
    };

    private static readonly string[] WithClocks = ["sqlite", "patroni-haproxy"];

    public static IReadOnlyDictionary<string, Func<Topology>> All { get; } = new Dictionary<string, Func<Topology>>
    {
        ["sqlite"] = () => new SqliteTopology("sqlite"),
        ["non-atomic"] = () => new SqliteTopology("non-atomic"),
    }.Concat(ServerTopologies.All.Select(server => KeyValuePair.Create<string, Func<Topology>>(server.Key, server.Value))).ToDictionary();

    /// <summary>Every pair, in the order of the table, and whether it is run.</summary>
    public static IEnumerable<(CellName Name, bool IsRun)> Pairs => All.SelectMany(entry => AppFaults.Names
        .Concat(entry.Value().Faults.Select(fault => fault.Name))
        .Select(fault => (new CellName(entry.Key, fault), IsRun(entry.Key, fault))));

    public static IEnumerable<CellName> Cells => Pairs.Where(pair => pair.IsRun).Select(pair => pair.Name);

    /// <summary>Unsafe topologies in which codes are accepted twice.</summary>
    public static IReadOnlyList<CellName> Teeth { get; } =
    [
        new("non-atomic", AppFaults.None),
        new("patroni-asynchronous", "partition-primary"),
        new("redis-sentinel-not-durable", "partition-primary"),
    ];

    /// <summary>One cell of each safe topology, with a fault that ends at once.</summary>
    public static IEnumerable<CellName> ShortCells => All.Where(entry => IsSafe(entry.Value()))
        .Select(entry => new CellName(entry.Key, entry.Key == "sqlite" ? "full-disk" : "partition-app"));

    public static bool IsSafe(Topology topology) => topology.Promises is { SingleUse: true, KeepsAcknowledged: true };

    private static bool IsRun(string topology, string fault) => Chosen.TryGetValue(topology, out var chosen)
        ? chosen.Contains(fault)
        : WithClocks.Contains(topology) || !AppFaults.ClockNames.Contains(fault);
}
