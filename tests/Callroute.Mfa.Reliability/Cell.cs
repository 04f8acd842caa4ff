using System.ComponentModel;

namespace Callroute.Mfa.Reliability;

/// <summary>Runs many cells, one after the other.</summary>
internal static class Batch
{
    /// <summary>The file of how many codes were accepted twice in each run of an unsafe topology.</summary>
    public const string TeethFile = "teeth";

    /// <returns>0; 1 if a promise was broken or a cell could not be run.</returns>
    public static async Task<int> RunAsync(IEnumerable<CellName> names, CellPlan plan, CancellationToken cancellationToken)
    {
        var broken = new List<CellName>();
        foreach (var name in names)
        {
            broken.AddRange(await TryRunAsync(name, plan, cancellationToken) is { IsKept: true } ? [] : [name]);
        }

        Console.WriteLine(broken is [] ? "Every promise was kept." : $"Broken or not run: {string.Join(", ", broken)}.");
        return broken is [] ? 0 : 1;
    }

    /// <returns>0 if every run of an unsafe topology found a code that was accepted twice; otherwise 1.</returns>
    public static async Task<int> BiteAsync(int runs, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, List<int>>();
        foreach (var name in Topologies.Teeth.SelectMany(name => Enumerable.Repeat(name, runs)))
        {
            var counts = found[$"{name}"] = found.GetValueOrDefault($"{name}", []);
            var result = await TryRunAsync(name, CellPlan.Full with { Seed = counts.Count + 1 }, cancellationToken);
            counts.Add(result?.Broken.GetValueOrDefault(Rule.Doubled) ?? 0);
            CellName.Save(TeethFile, found);
        }

        return found.Values.Any(counts => counts.Contains(0)) ? 1 : 0;
    }

    // A cell that cannot be run must not end the others: a server may be missing.
    private static async Task<CellResult?> TryRunAsync(CellName name, CellPlan plan, CancellationToken cancellationToken)
    {
        try
        {
            return await new Cell(name, plan, cancellationToken).RunAsync();
        }
        catch (Exception exception) when (exception is InvalidOperationException or TimeoutException or Win32Exception)
        {
            Console.WriteLine($"{name} could not be run: {exception.Message}");
            return null;
        }
    }
}

/// <summary>Runs one topology with one fault, and keeps the result.</summary>
internal sealed class Cell(CellName name, CellPlan plan, CancellationToken cancellationToken)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private string _phase = "starts the servers";

    public async Task<CellResult> RunAsync()
    {
        await using var history = new History(name.HistoryPath);
        await using var topology = Topologies.All.Single(kind => kind.Name == name.Topology).Create(new Shell(cancellationToken));
        await using var progress = new Timer(_ => ShowProgress(history), null, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await topology.StartAsync();
        await using var nodes = new Nodes(topology, history);
        var result = await LoadAsync(topology, nodes, history);
        return result.Check(name, history.Copy());
    }

    private async Task<CellResult> LoadAsync(Topology topology, Nodes nodes, History history)
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

    private void ShowProgress(History history)
    {
        var counts = history.Copy().CountBy(call => call.Answer.Outcome).OrderBy(count => count.Key);
        var text = $"{name}: {_phase} {string.Join(", ", counts.Select(count => $"{count.Key} {count.Value}"))}";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_clock.Elapsed.TotalSeconds,5:0} s {text}"));
    }
}
