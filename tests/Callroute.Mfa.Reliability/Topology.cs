using static Callroute.Mfa.Reliability.AppFaults;

namespace Callroute.Mfa.Reliability;

/// <summary>What a topology promises. The checker fails on a broken promise; what is not promised, it counts.</summary>
/// <remarks>A code and a recovery set are accepted at most once. An acknowledged change is never lost.</remarks>
internal sealed record Promises(bool SingleUse, bool KeepsAcknowledged);

/// <summary>A fault. Its begin returns when it is there, its end when it is taken away; the servers may need longer to heal.</summary>
internal sealed record Fault(string Name, Func<Task> BeginAsync, Func<Task>? EndAsync = null);

/// <summary>Servers and the network between them and the application nodes.</summary>
internal abstract class Topology(Promises promises) : IAsyncDisposable
{
    public Promises Promises => promises;

    public abstract IEnumerable<Fault> Faults { get; }

    /// <summary>What a fault of it was measured to do; null if nothing was measured.</summary>
    public string? Measured { get; protected set; }

    public abstract Task StartAsync();
    public abstract StoreSpec StoreOf(int appNode);
    public virtual string[] OnAppNode(int appNode, params string[] command) => command;
    public abstract ValueTask DisposeAsync();
}

/// <summary>A kind of topology. Without chosen faults, it is run with every fault.</summary>
/// <remarks>The others differ from such a one in a proxy or a setting, and are run with the faults that this matters for.</remarks>
internal sealed record Kind(string Name, Func<Shell, Topology> Create, params string[] Chosen);

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

    public static IEnumerable<(CellName Name, bool IsRun)> Pairs => All.SelectMany(kind => Names
        .Concat(ExampleOf(kind).Faults.Select(fault => fault.Name)).Select(fault => (new CellName(kind.Name, fault), IsRun(kind, fault))));

    public static IEnumerable<CellName> Cells => Pairs.Where(pair => pair.IsRun).Select(pair => pair.Name);

    /// <summary>Unsafe topologies in which codes are accepted twice.</summary>
    /// <remarks>Sentinel replaces a primary after 3 s. The codes of this time are valid for 45 s, so the fault ends soon.</remarks>
    public static IReadOnlyList<(CellName Name, int Seconds)> Teeth { get; } =
    [
        (new("non-atomic", None), 30), (new("patroni-asynchronous", "partition-primary"), 30),
        (new("redis-sentinel-not-durable", "partition-primary"), 10),
    ];

    /// <summary>One cell of each engine, with a fault that ends at once. PgBouncer stands before HAProxy and Patroni.</summary>
    public static IReadOnlyList<CellName> ShortCells { get; } =
    [
        new("sqlite", "full-disk"), new("redis-sentinel", "partition-app"), new("redis-cluster", "partition-app"),
        new("galera", "partition-app"), new("pgbouncer-transaction", "partition-app"),
    ];

    public static Promises PromisesOf(string topology) => ExampleOf(All.Single(kind => kind.Name == topology)).Promises;

    private static Kind PgBouncer(string mode) => new(
        $"pgbouncer-{mode}", shell => new PatroniTopology(shell, PostgreSqlFront.PgBouncer(mode)), None, "kill-primary", "hang-primary");

    // It is not started.
    private static Topology ExampleOf(Kind kind) => kind.Create(new Shell(CancellationToken.None));

    private static bool IsRun(Kind kind, string fault) => kind.Chosen.Contains(fault)
        || (kind.Chosen is [] && (WithClocks.Contains(kind.Name) || !ClockNames.Contains(fault)));
}

internal static class AppFaults
{
    public const string None = "none";
    public const string KillAll = "app-kill-all";
    private const string Kill = "app-kill";

    private static readonly Dictionary<string, TimeSpan> Clocks = new()
    {
        ["app-clock-5-min-ahead"] = TimeSpan.FromMinutes(5),
        ["app-clock-5-min-behind"] = TimeSpan.FromMinutes(-5),
        ["app-clock-1-h-ahead"] = TimeSpan.FromHours(1),
        ["app-clock-1-h-behind"] = TimeSpan.FromHours(-1),
    };

    public static IReadOnlyList<string> ClockNames => [.. Clocks.Keys];
    public static IReadOnlyList<string> Names => [None, Kill, KillAll, .. ClockNames];

    public static Fault? Find(string name, Nodes nodes, CancellationToken cancellationToken) => name switch
    {
        None => new Fault(name, () => Task.CompletedTask),
        Kill => new Fault(name, () => KillAsync(nodes, round => [round % Nodes.Count], cancellationToken)),
        KillAll => new Fault(name, () => KillAsync(nodes, _ => [0, 1, 2], cancellationToken)),
        _ when Clocks.TryGetValue(name, out var offset) =>
            new Fault(name, () => nodes.SetClockAsync(1, offset), () => nodes.SetClockAsync(1, TimeSpan.Zero)),
        _ => null,
    };

    private static async Task KillAsync(Nodes nodes, Func<int, List<int>> killed, CancellationToken cancellationToken)
    {
        for (var round = 0; round < 6; round++)
        {
            killed(round).ForEach(nodes.Kill);
            await Task.Delay(TimeSpan.FromSeconds(5), cancellationToken);
        }
    }
}
