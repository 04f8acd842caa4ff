using Callroute.Mfa.Reliability.Cluster;

namespace Callroute.Mfa.Reliability;

/// <summary>Every topology, and the faults that it is run with.</summary>
internal static class Topologies
{
    // The clocks of application nodes are judged in Core: one store of each kind shows it.
    private static readonly string[] ClockFaults = [.. AppFaults.Names.Where(fault => fault.StartsWith("app-clock", StringComparison.Ordinal))];

    // The other topologies are run with every fault. These differ from one of those in a proxy, a driver's setting or a promise, and are run
    // with the faults that this difference matters for.
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
        ["galera"] = [.. AppFaults.Names.Except([.. ClockFaults, "app-kill-all"])],
        ["redis-cluster"] = [.. AppFaults.Names.Except([.. ClockFaults, "app-kill-all"])],
        ["redis-sentinel"] = [.. AppFaults.Names.Except([.. ClockFaults, "app-kill-all"])],
        ["patroni-haproxy"] = [.. AppFaults.Names.Except(["app-kill-all"])],
    };

    public static IReadOnlyDictionary<string, Func<Topology>> All { get; } = new Dictionary<string, Func<Topology>>
    {
        ["sqlite"] = () => new SqliteTopology("sqlite"),
        ["non-atomic"] = () => new SqliteTopology("non-atomic"),
    }.Concat(ServerTopologies.All.Select(server => KeyValuePair.Create<string, Func<Topology>>(server.Key, server.Value))).ToDictionary();

    /// <summary>One cell of each safe topology.</summary>
    public static IEnumerable<CellName> ShortCells =>
        All.Where(entry => IsSafe(entry.Value())).Select(entry => new CellName(entry.Key, entry.Value().Faults[0].Name));

    /// <summary>Unsafe topologies in which codes are accepted twice.</summary>
    public static IReadOnlyList<CellName> Teeth { get; } =
    [
        new("non-atomic", AppFaults.None),
        new("patroni-asynchronous", "partition-primary"),
        new("redis-sentinel-not-durable", "hang-primary"),
    ];

    /// <summary>The cells, in the order of the table.</summary>
    public static IEnumerable<CellName> Cells => All.SelectMany(entry => FaultsOf(entry.Value()).Select(fault => new CellName(entry.Key, fault)));

    /// <summary>The pairs that could be run and are not.</summary>
    public static IEnumerable<CellName> LeftOut => All.SelectMany(entry => AppFaults.Names
        .Concat(entry.Value().Faults.Select(fault => fault.Name)).Except(FaultsOf(entry.Value()))
        .Select(fault => new CellName(entry.Key, fault)));

    public static bool IsSafe(Topology topology) => topology.Promises is { SingleUse: true, KeepsAcknowledged: true };

    private static IEnumerable<string> FaultsOf(Topology topology)
    {
        var own = topology.Faults.Select(fault => fault.Name);
        return !Chosen.TryGetValue(topology.Name, out var chosen) ? AppFaults.Names.Concat(own)
            : chosen.Contains("app-kill") ? chosen.Concat(own)
            : chosen;
    }
}
