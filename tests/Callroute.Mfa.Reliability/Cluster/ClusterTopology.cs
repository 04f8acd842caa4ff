namespace Callroute.Mfa.Reliability.Cluster;

/// <summary>Servers and three application nodes, each in a separate namespace, and the faults that are the same for every engine.</summary>
internal abstract class ClusterTopology(Shell shell, Promises promises, int serverCount = 3) : Topology(promises)
{
    private readonly Network _network = new(shell);

    public override IEnumerable<Fault> Faults => CommonFaults.ExceptBy(Without, fault => fault.Name).Concat(OwnFaults)
        .Select(fault => fault with { EndAsync = () => EndAsync(fault) });

    protected List<Machine> Servers { get; private set; } = [];
    protected List<Machine> Apps { get; private set; } = [];

    protected virtual IEnumerable<Fault> OwnFaults => [];
    /// <summary>The names of the common faults that this engine cannot have.</summary>
    protected virtual IEnumerable<string> Without => [];

    private IEnumerable<Fault> CommonFaults =>
    [
        OnPrimary("kill-primary", primary => primary.KillAsync()),
        OnReplica("kill-replica", (_, replica) => replica.KillAsync()),
        OnPrimary("hang-primary", primary => primary.HangAsync()),
        OnReplica("hang-replica", (_, replica) => replica.HangAsync()),
        new("hang-each", HangEachAsync),
        OnPrimary("partition-primary", primary => _network.CutBothAsync(primary, Others(primary))),
        OnPrimary("one-direction", primary => _network.CutAsync([primary], Others(primary))),
        OnReplica("one-link", (primary, replica) => _network.CutBothAsync(primary, [replica])),
        new("partition-app", () => _network.CutBothAsync(Apps[0], Servers)),
        new("slow-network", SlowAsync),
        OnPrimary("full-disk", primary => primary.FillDiskAsync()),
        new("rolling-restart", RestartEachAsync),
        new("switchover", MovePrimaryAsync, MovePrimaryAsync),
    ];

    public override async Task StartAsync()
    {
        await _network.StartAsync();
        Servers = await _network.AddAsync("n", 1, serverCount);
        Apps = await _network.AddAsync("app", 101, 3);
        await StartServersAsync();
        await UntilWholeAsync();
    }

    public override string[] OnAppNode(int appNode, params string[] command) => Apps[appNode].On(command);

    public override ValueTask DisposeAsync() => _network.DisposeAsync();

    protected abstract Task StartServersAsync();
    /// <summary>The server that takes the writes, or null if there is none that says so.</summary>
    protected abstract Task<Machine?> FindPrimaryAsync();
    protected abstract Task<bool> IsWholeAsync();
    /// <summary>Makes another server the primary, as an operator does. It is called again if that server refused.</summary>
    protected virtual Task SwitchOverAsync(Machine primary) => throw new NotSupportedException();
    protected virtual Task<Machine> ReplicaOfAsync(Machine primary) => Task.FromResult(Others(primary)[0]);

    protected async Task<Machine> PrimaryAsync()
    {
        Machine? primary = null;
        await UntilAsync("there is a primary", async () => (primary = await FindPrimaryAsync()) is not null);
        return primary!;
    }

    /// <exception cref="TimeoutException">After 90 s, with the logs of all machines.</exception>
    protected async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        for (var clock = Stopwatch.StartNew(); !await condition(); await Task.Delay(100, shell.Cancelled))
        {
            if (clock.Elapsed.TotalSeconds > 90)
            {
                var logs = string.Join('\n', Servers.Concat(Apps).Select(machine => machine.Log));
                throw new TimeoutException($"After 90 s still not: {what}.\n{logs}");
            }
        }
    }

    protected Fault OnPrimary(string fault, Func<Machine, Task> begin) => new(fault, async () => await begin(await PrimaryAsync()));

    private Fault OnReplica(string fault, Func<Machine, Machine, Task> begin) =>
        OnPrimary(fault, async primary => await begin(primary, await ReplicaOfAsync(primary)));

    private List<Machine> Others(Machine server) => [.. Servers.Where(other => other != server)];
    private Task UntilWholeAsync() => UntilAsync("every server takes part", IsWholeAsync);

    // Every fault ends in the same way: the network, the disks and the processes are as before.
    private async Task EndAsync(Fault fault)
    {
        await _network.HealAsync();
        foreach (var server in Servers)
        {
            await server.EmptyDiskAsync();
            await server.ContinueAsync();
            server.RestartStopped();
        }

        await (fault.EndAsync?.Invoke() ?? Task.CompletedTask);
    }

    private async Task SlowAsync()
    {
        await _network.SlowAsync();
        var pings = await Apps[0].RunAsync("ping", "-q", "-c", "40", "-i", "0.2", Servers[0].Address);
        Measured = string.Join(", ", pings.Split('\n')[^2..]);
    }

    private async Task MovePrimaryAsync()
    {
        await UntilWholeAsync();
        var before = await PrimaryAsync();
        await UntilAsync("there is another primary", async () =>
        {
            await SwitchOverAsync(before);
            return await FindPrimaryAsync() is { } primary && primary != before;
        });
    }

    private async Task HangEachAsync()
    {
        foreach (var server in Servers)
        {
            await server.HangAsync();
            await Task.Delay(TimeSpan.FromSeconds(20), shell.Cancelled); // Longer than every time-out of the drivers and of the service.
            await server.ContinueAsync();
        }
    }

    private async Task RestartEachAsync()
    {
        foreach (var server in Servers)
        {
            await server.StopAsync();
            server.RestartStopped();
            await UntilWholeAsync();
        }
    }
}
