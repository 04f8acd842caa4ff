using System.Diagnostics;
using System.Globalization;
using Callroute.Mfa.Reliability.Cluster;

namespace Callroute.Mfa.Reliability;

/// <summary>Runs one topology with one fault, and keeps the result.</summary>
internal sealed class Cell(CellName name, CellPlan plan)
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private string _phase = "starts the servers";

    public async Task<CellResult> RunAsync(CancellationToken cancellationToken)
    {
        await using var history = new History(name.HistoryPath);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var progress = ShowProgressAsync(history, end.Token);
        await using var topology = Topologies.All.Single(kind => kind.Name == name.Topology).Create(new Shell(cancellationToken));
        try
        {
            await topology.StartAsync();
            await using var nodes = new Nodes(topology, history);
            var result = await LoadAsync(topology, nodes, history, cancellationToken);
            return result.Check(name, history.Copy());
        }
        finally
        {
            await end.CancelAsync();
            await progress;
        }
    }

    private async Task<CellResult> LoadAsync(Topology topology, Nodes nodes, History history, CancellationToken cancellationToken)
    {
        var fault = AppFaults.Find(name.Fault, nodes, cancellationToken) ?? topology.Faults.Single(fault => fault.Name == name.Fault);
        using var load = new Workload(nodes, history, plan);
        _phase = "enrols";
        await nodes.CreateAsync(cancellationToken);
        await load.EnrollAsync(cancellationToken);
        load.Start();
        _phase = "calm";
        await Task.Delay(plan.Calm, cancellationToken);
        _phase = name.Fault;
        var faultAt = history.Now;
        await Task.WhenAll(fault.BeginAsync(), Task.Delay(plan.Fault, cancellationToken));
        await fault.EndAsync();
        var healedAt = history.Now;
        _phase = "after the fault";
        await Task.Delay(plan.After, cancellationToken);
        _phase = "everybody signs in";
        await load.FinishAsync(healedAt, cancellationToken);
        return new CellResult(topology.Promises, plan, faultAt, healedAt, topology.Measured);
    }

    private async Task ShowProgressAsync(History history, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var counts = history.Copy().CountBy(call => call.Answer.Outcome).OrderBy(count => count.Key);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{_clock.Elapsed.TotalSeconds,5:0} s {name}: {_phase} {string.Join(", ", counts.Select(c => $"{c.Key} {c.Value}"))}"));
            await Task.Delay(ProgressInterval, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }
}
