using System.Diagnostics;

namespace Callroute.Mfa.Reliability.Cluster;

/// <summary>
/// Servers and three application nodes, each in a separate namespace, and the faults that are the same for every engine.
/// </summary>
/// <param name="name">Its name in the table.</param>
/// <param name="promises">What it promises.</param>
internal abstract class ClusterTopology(string name, Promises promises) : Topology
{
    // Longer than every time-out of the drivers and of the service.
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly Network _network = new();

    private string? _measured;

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override Promises Promises => promises;

    /// <inheritdoc/>
    public override IReadOnlyList<Fault> Faults =>
        [.. CommonFaults.ExceptBy(Without, fault => fault.Name).Concat(OwnFaults).Select(Ended)];

    /// <inheritdoc/>
    public override string? Measured => _measured;

    /// <summary>The database servers: three, if not set otherwise.</summary>
    public IReadOnlyList<Machine> Servers { get; private set; } = [];

    protected virtual int ServerCount => 3;

    protected IReadOnlyList<Machine> Apps { get; private set; } = [];

    /// <summary>Faults that only this engine has.</summary>
    protected virtual IEnumerable<Fault> OwnFaults => [];

    /// <summary>The names of the common faults that this engine cannot have.</summary>
    protected virtual IEnumerable<string> Without => [];

    private IEnumerable<Fault> CommonFaults =>
    [
        OnPrimary("kill-primary", (primary, cancellationToken) => primary.KillAsync(cancellationToken)),
        OnReplica("kill-replica", (_, replica, cancellationToken) => replica.KillAsync(cancellationToken)),
        OnPrimary("hang-primary", (primary, cancellationToken) => primary.HangAsync(cancellationToken)),
        OnReplica("hang-replica", (_, replica, cancellationToken) => replica.HangAsync(cancellationToken)),
        new("hang-each", HangEachAsync, Nothing),
        OnPrimary("partition-primary", (primary, token) => _network.CutBothAsync(primary, Others(primary), token)),
        OnPrimary("one-direction", (primary, token) => _network.CutAsync(primary, Others(primary), token)),
        OnReplica("one-link", (primary, replica, token) => _network.CutBothAsync(primary, [replica], token)),
        new("partition-app", token => _network.CutBothAsync(Apps[0], Servers, token), Nothing),
        new("slow-network", SlowAsync, Nothing),
        OnPrimary("full-disk", (primary, cancellationToken) => primary.FillDiskAsync(cancellationToken)),
        new("rolling-restart", RestartEachAsync, Nothing),
        new("switchover", MovePrimaryAsync, MovePrimaryAsync),
    ];

    private string Log => string.Join(Environment.NewLine, Servers.Concat(Apps).Select(machine => machine.Log));

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await _network.StartAsync(cancellationToken);
        Servers = await AddAsync("n", 1, ServerCount, cancellationToken);
        Apps = await AddAsync("app", 101, 3, cancellationToken);
        await StartServersAsync(cancellationToken);
        await UntilWholeAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override Process StartOnAppNode(int appNode, string program, IEnumerable<string> args)
    {
        var command = Apps[appNode].On([program, .. args]);
        return Process.Start(new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    /// <summary>Waits until every server takes part again.</summary>
    public Task UntilWholeAsync(CancellationToken cancellationToken) =>
        UntilAsync("every server takes part", () => IsWholeAsync(cancellationToken), cancellationToken);

    /// <summary>The server that takes the writes, or null if there is none that says so.</summary>
    public abstract Task<Machine?> FindPrimaryAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => _network.DisposeAsync();

    /// <summary>Starts the programs of all machines.</summary>
    protected abstract Task StartServersAsync(CancellationToken cancellationToken);

    /// <summary>True if there is a primary and every other server follows it.</summary>
    protected abstract Task<bool> IsWholeAsync(CancellationToken cancellationToken);

    /// <summary>Makes another server the primary, as an operator does. It is called again if that server refused.</summary>
    protected abstract Task SwitchOverAsync(Machine primary, CancellationToken cancellationToken);

    /// <summary>A replica of a primary that a fault of a replica hits.</summary>
    protected virtual Task<Machine> ReplicaOfAsync(Machine primary, CancellationToken cancellationToken) =>
        Task.FromResult(Others(primary)[0]);

    protected async Task<Machine> PrimaryAsync(CancellationToken cancellationToken)
    {
        Machine? primary = null;
        await UntilAsync(
            "there is a primary", async () => (primary = await FindPrimaryAsync(cancellationToken)) is not null, cancellationToken);
        return primary!;
    }

    /// <summary>Waits up to 90 s until a condition holds.</summary>
    /// <exception cref="TimeoutException">It did not; the message ends with the logs of all machines.</exception>
    protected Task UntilAsync(string what, Func<Task<bool>> condition, CancellationToken cancellationToken) =>
        Shell.UntilAsync($"{what} ({Name})", Limit, condition, () => Log, cancellationToken);

    protected List<Machine> Others(Machine server) => [.. Servers.Where(other => other != server)];

    protected Fault OnPrimary(string fault, Func<Machine, CancellationToken, Task> begin) =>
        new(fault, async token => await begin(await PrimaryAsync(token), token), Nothing);

    private Fault OnReplica(string fault, Func<Machine, Machine, CancellationToken, Task> begin) => OnPrimary(
        fault, async (primary, token) => await begin(primary, await ReplicaOfAsync(primary, token), token));

    // Every fault ends in the same way: the network, the disks and the processes are as before.
    private Fault Ended(Fault fault) => fault with
    {
        EndAsync = async cancellationToken =>
        {
            await _network.HealAsync(cancellationToken);
            foreach (var server in Servers)
            {
                await server.EmptyDiskAsync(cancellationToken);
                await server.ContinueAsync(cancellationToken);
                server.RestartStopped();
            }

            await fault.EndAsync(cancellationToken);
        },
    };

    private async Task SlowAsync(CancellationToken cancellationToken)
    {
        await _network.SlowAsync(cancellationToken);
        var pings = await Shell.RunAsync(Apps[0].On("ping", "-q", "-c", "40", "-i", "0.2", Servers[0].Address), cancellationToken);
        _measured = string.Join(", ", pings.Split('\n')[^2..]);
    }

    private async Task MovePrimaryAsync(CancellationToken cancellationToken)
    {
        await UntilWholeAsync(cancellationToken);
        var before = await PrimaryAsync(cancellationToken);
        await UntilAsync(
            "there is another primary",
            async () =>
            {
                await SwitchOverAsync(before, cancellationToken);
                return await FindPrimaryAsync(cancellationToken) is { } primary && primary != before;
            },
            cancellationToken);
    }

    private async Task HangEachAsync(CancellationToken cancellationToken)
    {
        foreach (var server in Servers)
        {
            await server.HangAsync(cancellationToken);
            await Task.Delay(Hang, cancellationToken);
            await server.ContinueAsync(cancellationToken);
        }
    }

    private async Task RestartEachAsync(CancellationToken cancellationToken)
    {
        foreach (var server in Servers)
        {
            await server.StopAsync(cancellationToken);
            server.RestartStopped();
            await UntilWholeAsync(cancellationToken);
        }
    }

    private async Task<IReadOnlyList<Machine>> AddAsync(string kind, int first, int count, CancellationToken cancellationToken)
    {
        var machines = new List<Machine>();
        foreach (var number in Enumerable.Range(0, count))
        {
            machines.Add(await _network.AddAsync($"{kind}{number + 1}", $"10.77.0.{first + number}", cancellationToken));
        }

        return machines;
    }

    protected static Task Nothing(CancellationToken cancellationToken) => Task.CompletedTask;
}
