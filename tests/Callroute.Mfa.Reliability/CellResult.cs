namespace Callroute.Mfa.Reliability;

/// <summary>What one cell of the table shows.</summary>
/// <param name="Promises">What the topology promises.</param>
/// <param name="Plan">How it was run.</param>
/// <param name="FaultAt">When the fault began, in milliseconds of the history.</param>
/// <param name="HealedAt">When it ended.</param>
internal sealed record CellResult(Promises Promises, CellPlan Plan, long FaultAt, long HealedAt)
{
    private const int MaximumFindings = 50;
    private const int MaximumShown = 10;

    public IReadOnlyDictionary<Outcome, int> Outcomes { get; init; } = new Dictionary<Outcome, int>();

    public long LongestMs { get; init; }

    /// <summary>What the fault was measured to do.</summary>
    public string? Measured { get; init; }

    /// <summary>How many calls broke each rule, and the first of them.</summary>
    public IReadOnlyDictionary<Rule, int> Broken { get; init; } = new Dictionary<Rule, int>();

    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>Whether the topology kept its promises.</summary>
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
