namespace Callroute.Mfa.Reliability;

/// <summary>A topology with a fault, and the files of its result.</summary>
internal sealed record CellName(string Topology, string Fault)
{
    private static readonly JsonSerializerOptions Json = new(History.Json) { WriteIndented = true };

    /// <summary>The repository: this program runs in <c>artifacts/bin/…/release</c> of it.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", ".."));
    public string HistoryPath => $"{PathOf($"{this}")}l";
    public CellResult? Result => Read<CellResult>($"{this}");

    public static T? Read<T>(string name) =>
        File.Exists(PathOf(name)) ? JsonSerializer.Deserialize<T>(File.ReadAllText(PathOf(name)), Json) : default;

    public static void Save<T>(string name, T value) => File.WriteAllText(PathOf(name), JsonSerializer.Serialize(value, Json));

    public override string ToString() => $"{Topology}.{Fault}";

    private static string PathOf(string name) =>
        Path.Combine(Directory.CreateDirectory(Path.Combine(Root, "artifacts", "reliability")).FullName, $"{name}.json");
}

/// <summary>How long the load lasts before, during and after the fault, for how many users, and the seed of their decisions.</summary>
/// <remarks>A fault that does several things one after the other may last longer.</remarks>
internal sealed record CellPlan(TimeSpan Calm, TimeSpan Fault, TimeSpan After, int Users = 300, int Seed = 1)
{
    public static CellPlan Full { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10));

    /// <summary>Short enough for every change of the code.</summary>
    public static CellPlan Short { get; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2), Users: 60);
}

/// <summary>What one cell of the table shows.</summary>
/// <remarks>The fault began and ended at these milliseconds of the history, and was measured to do this.</remarks>
internal sealed record CellResult(Promises Promises, CellPlan Plan, long FaultAt, long HealedAt, string? Measured)
{
    private const int MaximumFindings = 50;
    private const int MaximumShown = 10;

    public Dictionary<Outcome, int> Outcomes { get; init; } = [];
    public long LongestMs { get; init; }

    /// <summary>How many calls broke each rule.</summary>
    public Dictionary<Rule, int> Broken { get; init; } = [];

    /// <summary>The first of them.</summary>
    public string[] Findings { get; init; } = [];
    public bool IsKept => !Broken.Keys.Any(rule => Checker.IsPromised(rule, Promises));

    /// <summary>Checks the history of a cell, keeps the result and shows it.</summary>
    public CellResult Check(CellName name, IReadOnlyList<Call> calls)
    {
        var findings = Checker.Check(calls, HealedAt);
        var result = this with
        {
            Outcomes = calls.CountBy(call => call.Answer.Outcome).ToDictionary(),
            LongestMs = calls.Where(call => call.Answer.Reason != Answer.NodeDied).Max(call => call.End - call.Start),
            Broken = findings.CountBy(finding => finding.Rule).ToDictionary(),
            Findings = [.. findings.GroupBy(finding => finding.Rule)
                .SelectMany(rule => rule.Take(MaximumFindings).Select(finding => $"{finding.Rule}: {finding.Text}"))],
        };
        CellName.Save($"{name}", result);
        result.Findings.Take(MaximumShown).ToList().ForEach(Console.WriteLine);
        var broken = string.Join(", ", result.Broken.Select(rule => $"{rule.Key} {rule.Value}"));
        Console.WriteLine($"{name} {(result.IsKept ? "keeps its promises" : "BREAKS A PROMISE")}. {broken} Longest: {result.LongestMs} ms");
        return result;
    }
}
