using System.Diagnostics;

namespace Callroute.Mfa.Reliability;

/// <summary>What an application node needs to open its store. The node process gets it as JSON, as an argument.</summary>
/// <param name="Kind">
/// <c>sqlite</c>, <c>postgresql</c>, <c>mysql</c>, <c>redis</c>, or <c>non-atomic</c>: a store on SQLite whose swap is not atomic.
/// </param>
/// <param name="ConnectionString">The connection string of the driver.</param>
/// <param name="RequireDurable">Redis: wait for the disk or for replicas.</param>
/// <param name="DurableReplicas">Redis: how many replicas must have the write.</param>
/// <param name="Prepares">SQL: prepare statements.</param>
internal sealed record StoreSpec(
    string Kind, string ConnectionString, bool RequireDurable = false, int DurableReplicas = 1, bool Prepares = false);

/// <summary>What a topology promises. The checker fails on a broken promise; what is not promised, it counts.</summary>
/// <param name="SingleUse">A code and a recovery set are accepted at most once.</param>
/// <param name="KeepsAcknowledged">An acknowledged change is never lost.</param>
internal sealed record Promises(bool SingleUse, bool KeepsAcknowledged);

/// <summary>A fault that begins and ends.</summary>
/// <param name="Name">Its name in the table, in lower case with hyphens.</param>
/// <param name="BeginAsync">Returns when the fault is there.</param>
/// <param name="EndAsync">Returns when the fault is taken away; the servers may need longer to heal.</param>
internal sealed record Fault(string Name, Func<CancellationToken, Task> BeginAsync, Func<CancellationToken, Task> EndAsync);

/// <summary>Servers and the network between them and the application nodes.</summary>
internal abstract class Topology : IAsyncDisposable
{
    /// <summary>Its name in the table, in lower case with hyphens.</summary>
    public abstract string Name { get; }

    /// <summary>What it promises.</summary>
    public abstract Promises Promises { get; }

    /// <summary>The faults of its servers and of its network. Faults of application nodes are the workload's.</summary>
    public abstract IReadOnlyList<Fault> Faults { get; }

    /// <summary>What a fault of it was measured to do; null if nothing was measured.</summary>
    public virtual string? Measured => null;

    /// <summary>Starts it, and returns when it serves.</summary>
    public abstract Task StartAsync(CancellationToken cancellationToken);

    /// <summary>The store of an application node.</summary>
    /// <param name="appNode">0–2.</param>
    public abstract StoreSpec StoreOf(int appNode);

    /// <summary>Starts a program where an application node runs, with its standard input and output redirected.</summary>
    /// <param name="appNode">0–2.</param>
    /// <param name="program">Its file.</param>
    /// <param name="args">Its arguments.</param>
    public abstract Process StartOnAppNode(int appNode, string program, IEnumerable<string> args);

    /// <summary>Stops everything and leaves nothing behind.</summary>
    public abstract ValueTask DisposeAsync();
}
