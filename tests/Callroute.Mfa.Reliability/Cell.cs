using System.ComponentModel;

namespace Callroute.Mfa.Reliability;

internal static class Batch
{
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
        foreach (var (name, seconds) in Topologies.Teeth.SelectMany(tooth => Enumerable.Repeat(tooth, runs)))
        {
            var counts = found[$"{name}"] = found.GetValueOrDefault($"{name}", []);
            var plan = CellPlan.Full with { Fault = TimeSpan.FromSeconds(seconds), Seed = counts.Count + 1 };
            var result = await TryRunAsync(name, plan, cancellationToken);
            counts.Add(result?.Broken.GetValueOrDefault(Rule.Doubled) ?? 0);
            CellName.Save(CellName.PathOf(TeethFile), found);
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

internal sealed record CellName(string Topology, string Fault)
{
    private static readonly JsonSerializerOptions Json = new(History.Json) { WriteIndented = true };

    /// <summary>The repository: this program runs in <c>artifacts/bin/…/release</c> of it.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", ".."));
    public string HistoryPath => $"{PathOf(CellPlan.Full)}l";
    /// <summary>The result of a full run, held to what the topology promises now.</summary>
    public CellResult? Result =>
        Read<CellResult>($"{this}") is { } result ? result with { Promises = Topologies.PromisesOf(Topology) } : null;

    public static T? Read<T>(string name) =>
        File.Exists(PathOf(name)) ? JsonSerializer.Deserialize<T>(File.ReadAllText(PathOf(name)), Json) : default;

    public static void Save<T>(string path, T value) => File.WriteAllText(path, JsonSerializer.Serialize(value, Json));

    public override string ToString() => $"{Topology}.{Fault}";

    /// <summary>Only full runs are in the table.</summary>
    public string PathOf(CellPlan plan) => PathOf(plan == CellPlan.Full ? $"{this}" : "last");

    public static string PathOf(string name) =>
        Path.Combine(Directory.CreateDirectory(Path.Combine(Root, "artifacts", "reliability")).FullName, $"{name}.json");
}

/// <summary>How long the load lasts before, during and after the fault, for how many users, and the seed of their decisions.</summary>
internal sealed record CellPlan(TimeSpan Calm, TimeSpan Fault, TimeSpan After, int Users = 300, int Seed = 1)
{
    public static CellPlan Full { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10));

    public static CellPlan Short { get; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2), Users: 60);
}

internal sealed class Cell(CellName name, CellPlan plan, CancellationToken cancellationToken)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private string _phase = "starts the servers";

    public async Task<CellResult> RunAsync()
    {
        File.Delete(name.PathOf(plan));
        await using var history = new History($"{name.PathOf(plan)}l");
        await using var topology = Topologies.All.Single(kind => kind.Name == name.Topology).Create(new Shell(cancellationToken));
        await using var progress = new Timer(_ => ShowProgress(history), null, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await topology.StartAsync();
        await using var nodes = new Nodes(topology, history);
        return (await LoadAsync(topology, nodes, history)).Check(name, history.Copy());
    }

    private async Task<CellResult> LoadAsync(Topology topology, Nodes nodes, History history)
    {
        var fault = AppFaults.Find(name.Fault, nodes, cancellationToken) ?? topology.Faults.Single(fault => fault.Name == name.Fault);
        using var load = new Workload(nodes, history, plan, cancellationToken);
        _phase = "enrols";
        await nodes.CreateAsync(cancellationToken);
        await load.EnrollAsync();
        load.Start();
        _phase = "calm";
        await Task.Delay(plan.Calm, cancellationToken);
        _phase = name.Fault;
        var faultAt = history.Now;
        await Task.WhenAll(fault.BeginAsync(), Task.Delay(plan.Fault, cancellationToken));
        await (fault.EndAsync?.Invoke() ?? Task.CompletedTask);
        var healedAt = history.Now;
        _phase = "after the fault";
        await Task.Delay(plan.After, cancellationToken);
        _phase = "everybody signs in";
        await load.FinishAsync(healedAt);
        var promises = plan == CellPlan.Short ? new Promises(true, true) : topology.Promises;
        return new CellResult(promises, plan, faultAt, healedAt, topology.Measured);
    }

    private void ShowProgress(History history)
    {
        var counts = history.Copy().CountBy(call => call.Answer.Outcome).OrderBy(count => count.Key);
        var text = $"{name}: {_phase} {string.Join(", ", counts.Select(count => $"{count.Key} {count.Value}"))}";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_clock.Elapsed.TotalSeconds,5:0} s {text}"));
    }
}

/// <summary>What one cell of the table shows: how many calls broke each rule, and the first of them.</summary>
/// <remarks>The fault began and ended at these milliseconds of the history, and was measured to do this.</remarks>
internal sealed record CellResult(Promises Promises, CellPlan Plan, long FaultAt, long HealedAt, string? Measured)
{
    public Dictionary<Outcome, int> Outcomes { get; init; } = [];
    public long LongestMs { get; init; }
    public Dictionary<Rule, int> Broken { get; init; } = [];
    public string[] Findings { get; init; } = [];
    public bool IsKept => !Broken.Keys.Any(rule => Checker.IsPromised(rule, Promises));

    public CellResult Check(CellName name, IReadOnlyList<Call> calls)
    {
        var findings = Checker.Check(calls, HealedAt);
        var result = this with
        {
            Outcomes = calls.CountBy(call => call.Answer.Outcome).ToDictionary(),
            LongestMs = calls.Where(call => call.Answer.Reason != Answer.NodeDied).Max(call => call.End - call.Start),
            Broken = findings.CountBy(finding => finding.Rule).ToDictionary(),
            Findings = [.. findings.GroupBy(finding => finding.Rule)
                .SelectMany(rule => rule.Take(50).Select(finding => $"{finding.Rule}: {finding.Text}"))],
        };
        CellName.Save(name.PathOf(Plan), result);
        result.Findings.Take(10).ToList().ForEach(Console.WriteLine);
        var broken = string.Join(", ", result.Broken.Select(rule => $"{rule.Key} {rule.Value}"));
        Console.WriteLine($"{name} {(result.IsKept ? "keeps its promises" : "BREAKS A PROMISE")}. {broken} Longest: {result.LongestMs} ms");
        return result;
    }
}
