using Callroute.Mfa.Reliability.Cluster;

namespace Callroute.Mfa.Reliability;

/// <summary>Every topology, and which faults it is run with.</summary>
internal static class Topologies
{
    // What a node with a wrong clock does is decided in Core: one store of each kind shows it.
    private static readonly string[] WithClocks = ["sqlite", "patroni-haproxy", "redis-sentinel"];

    public static IReadOnlyDictionary<string, Func<Topology>> All { get; } = new Dictionary<string, Func<Topology>>
    {
        ["sqlite"] = () => new SqliteTopology("sqlite"),
        ["non-atomic"] = () => new SqliteTopology("non-atomic"),
    }.Concat(ServerTopologies.All.Select(server => KeyValuePair.Create<string, Func<Topology>>(server.Key, server.Value)))
        .ToDictionary();

    /// <summary>One cell of each safe topology.</summary>
    public static IEnumerable<CellName> ShortCells => All.Where(entry => IsSafe(entry.Value())).Select(entry =>
        new CellName(entry.Key, entry.Value().Faults[0].Name));

    /// <summary>Unsafe topologies in which codes are accepted twice.</summary>
    public static IReadOnlyList<CellName> Teeth { get; } =
    [
        new("non-atomic", AppFaults.None),
        new("patroni-asynchronous", "partition-primary"),
        new("redis-sentinel-not-durable", "hang-primary"),
    ];

    /// <summary>The names of all cells, in the order of the table.</summary>
    public static IEnumerable<CellName> Cells => All.SelectMany(entry =>
    {
        var topology = entry.Value();
        return AppFaults.Names.Where(fault => AppliesTo(fault, topology)).Concat(topology.Faults.Select(fault => fault.Name))
            .Select(fault => new CellName(entry.Key, fault));
    });

    // The faults of application nodes are the same for an unsafe counterpart, so only the load without a fault is run with it.
    private static bool AppliesTo(string fault, Topology topology) => fault == AppFaults.None
        || (IsSafe(topology)
            && (!fault.StartsWith("clock", StringComparison.Ordinal) || WithClocks.Contains(topology.Name)));

    private static bool IsSafe(Topology topology) => topology.Promises is { SingleUse: true, KeepsAcknowledged: true };
}
