namespace Callroute.Mfa.Reliability;

/// <summary>
/// What a topology promises: a code and a recovery set are accepted at most once, and an acknowledged change is never lost. The checker
/// fails on a broken promise; what is not promised, it counts.
/// </summary>
internal sealed record Promises(bool SingleUse, bool KeepsAcknowledged)
{
    public bool AreAll => SingleUse && KeepsAcknowledged;
}

/// <summary>A fault. Its begin returns when it is there, its end when it is taken away; the servers may need longer to heal.</summary>
internal sealed record Fault(string Name, Func<Task> BeginAsync)
{
    public Func<Task> EndAsync { get; init; } = () => Task.CompletedTask;
}

/// <summary>Servers and the network between them and the application nodes.</summary>
internal abstract class Topology(Promises promises) : IAsyncDisposable
{
    public Promises Promises => promises;

    /// <summary>The faults of its servers and of its network.</summary>
    public abstract IEnumerable<Fault> Faults { get; }

    /// <summary>What a fault of it was measured to do; null if nothing was measured.</summary>
    public string? Measured { get; protected set; }

    /// <summary>Returns when it serves.</summary>
    public abstract Task StartAsync();

    public abstract StoreSpec StoreOf(int appNode);

    /// <summary>The command that runs another command where an application node is.</summary>
    public virtual string[] OnAppNode(int appNode, params string[] command) => command;

    /// <summary>Stops everything and leaves nothing behind.</summary>
    public abstract ValueTask DisposeAsync();
}

/// <summary>The faults of application nodes.</summary>
internal static class AppFaults
{
    /// <summary>No fault: what the load alone does.</summary>
    public const string None = "none";
    public const string Kill = "app-kill";
    public const string KillAll = "app-kill-all";

    private const int Kills = 6;
    private const int WrongClock = 1;

    private static readonly Dictionary<string, TimeSpan> Clocks = new()
    {
        ["app-clock-5-min-ahead"] = TimeSpan.FromMinutes(5),
        ["app-clock-5-min-behind"] = TimeSpan.FromMinutes(-5),
        ["app-clock-1-h-ahead"] = TimeSpan.FromHours(1),
        ["app-clock-1-h-behind"] = TimeSpan.FromHours(-1),
    };

    public static IReadOnlyList<string> ClockNames => [.. Clocks.Keys];
    public static IReadOnlyList<string> Names => [None, Kill, KillAll, .. ClockNames];

    /// <summary>A fault of application nodes; null if the name is of another one.</summary>
    public static Fault? Find(string name, Nodes nodes, CancellationToken cancellationToken) => name switch
    {
        None => new Fault(name, () => Task.CompletedTask),
        Kill => new Fault(name, () => KillAsync(nodes, round => [round % Nodes.Count], cancellationToken)),
        KillAll => new Fault(name, () => KillAsync(nodes, _ => [0, 1, 2], cancellationToken)),
        _ => !Clocks.TryGetValue(name, out var offset) ? null
            : new Fault(name, () => nodes.SetClockAsync(WrongClock, offset))
            {
                EndAsync = () => nodes.SetClockAsync(WrongClock, TimeSpan.Zero),
            },
    };

    private static async Task KillAsync(Nodes nodes, Func<int, List<int>> killed, CancellationToken cancellationToken)
    {
        for (var round = 0; round < Kills; round++)
        {
            killed(round).ForEach(nodes.Kill);
            await Task.Delay(TimeSpan.FromSeconds(5), cancellationToken);
        }
    }
}
