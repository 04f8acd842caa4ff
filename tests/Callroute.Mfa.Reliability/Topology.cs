namespace Callroute.Mfa.Reliability;

/// <summary>What a topology promises. The checker fails on a broken promise; what is not promised, it counts.</summary>
/// <param name="SingleUse">A code and a recovery set are accepted at most once.</param>
/// <param name="KeepsAcknowledged">An acknowledged change is never lost.</param>
internal sealed record Promises(bool SingleUse, bool KeepsAcknowledged)
{
    public bool AreAll => SingleUse && KeepsAcknowledged;
}

/// <summary>A fault that begins and ends.</summary>
/// <param name="Name">Its name in the table, in lower case with hyphens.</param>
/// <param name="BeginAsync">Returns when the fault is there.</param>
internal sealed record Fault(string Name, Func<Task> BeginAsync)
{
    /// <summary>Returns when the fault is taken away; the servers may need longer to heal.</summary>
    public Func<Task> EndAsync { get; init; } = () => Task.CompletedTask;
}

/// <summary>Servers and the network between them and the application nodes.</summary>
internal abstract class Topology(Promises promises) : IAsyncDisposable
{
    public Promises Promises => promises;

    /// <summary>The faults of its servers and of its network. <see cref="AppFaults"/> are those of application nodes.</summary>
    public abstract IEnumerable<Fault> Faults { get; }

    /// <summary>What a fault of it was measured to do; null if nothing was measured.</summary>
    public string? Measured { get; protected set; }

    /// <summary>Starts it, and returns when it serves.</summary>
    public abstract Task StartAsync();

    /// <param name="appNode">0–2.</param>
    public abstract StoreSpec StoreOf(int appNode);

    /// <summary>The command that runs another command where an application node is.</summary>
    public virtual string[] OnAppNode(int appNode, params string[] command) => command;

    /// <summary>Stops everything and leaves nothing behind.</summary>
    public abstract ValueTask DisposeAsync();
}
