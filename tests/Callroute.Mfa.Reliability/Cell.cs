using System.Diagnostics;
using System.Globalization;

namespace Callroute.Mfa.Reliability;

/// <summary>Runs one topology with one fault, and keeps the result.</summary>
internal sealed class Cell(CellName name, CellPlan plan)
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private string _phase = "starts";

    public async Task<CellResult> RunAsync(CancellationToken cancellationToken)
    {
        await using var topology = Topologies.All[name.Topology]();
        Say("starts the servers");
        await topology.StartAsync(cancellationToken);
        await using var history = new History(name.HistoryPath);
        await using var nodes = new Nodes(topology, history);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var progress = ShowProgressAsync(history, end.Token);
        var (faultAt, healedAt) = await LoadAsync(topology, nodes, history, cancellationToken);
        await end.CancelAsync();
        await progress;
        var result = new CellResult(plan.Seed, plan.Users, (int)_clock.Elapsed.TotalSeconds, faultAt, healedAt)
        {
            Promises = topology.Promises, Outcomes = new Dictionary<string, int>(), LongestMs = 0, Broken = new Dictionary<Rule, int>(),
            Findings = [],
        }.With(history.Calls);
        name.Save(result);
        Show(name, result);
        return result;
    }

    /// <summary>Checks the kept history, for instance after a change of the checker.</summary>
    /// <exception cref="FileNotFoundException">The cell was not run.</exception>
    public static CellResult CheckAgain(CellName name)
    {
        var result = (name.Result ?? throw new FileNotFoundException($"{name} has no result.")).With([.. History.Read(name.HistoryPath)]);
        name.Save(result);
        Show(name, result);
        return result;
    }

    private static void Show(CellName name, CellResult result)
    {
        foreach (var finding in result.Findings.GroupBy(finding => finding.Rule).SelectMany(rule => rule.Take(5)))
        {
            var promised = Checker.IsPromised(finding.Rule, result.Promises) ? string.Empty : " (not promised)";
            Console.WriteLine($"{finding.Rule}{promised}: {finding.Text}");
        }

        var broken = string.Join(", ", result.Broken.Select(rule => $"{rule.Key} {rule.Value}"));
        Console.WriteLine($"{name} {(result.IsKept ? "keeps its promises" : "BREAKS A PROMISE")} {broken}; longest answer {result.LongestMs} ms");
    }

    private async Task<(long FaultAt, long HealedAt)> LoadAsync(
        Topology topology, Nodes nodes, History history, CancellationToken cancellationToken)
    {
        var fault = AppFaults.Find(name.Fault, nodes) ?? topology.Faults.Single(fault => fault.Name == name.Fault);
        using var load = new Workload(nodes, history, plan);
        _phase = "enrols";
        await nodes.CreateAsync(cancellationToken);
        await load.EnrollAsync(cancellationToken);
        load.Start();
        _phase = "calm";
        await Task.Delay(plan.Calm, cancellationToken);
        _phase = name.Fault;
        var faultAt = history.Now;
        await Task.WhenAll(fault.BeginAsync(cancellationToken), Task.Delay(plan.Fault, cancellationToken));
        await fault.EndAsync(cancellationToken);
        var healedAt = history.Now;
        _phase = "after the fault";
        await Task.Delay(plan.After, cancellationToken);
        _phase = "everybody signs in";
        await load.FinishAsync(healedAt, cancellationToken);
        return (faultAt, healedAt);
    }

    private async Task ShowProgressAsync(History history, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(ProgressInterval, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
            Say(string.Join(", ", history.Calls.CountBy(call => call.Outcome).OrderBy(count => count.Key, StringComparer.Ordinal)
                .Select(count => $"{count.Key} {count.Value}").Prepend(_phase)));
        }
    }

    private void Say(string text) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{_clock.Elapsed.TotalSeconds,5:0} s {name}: {text}"));
}
