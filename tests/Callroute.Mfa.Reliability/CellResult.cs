namespace Callroute.Mfa.Reliability;

/// <summary>What one cell of the table shows.</summary>
/// <param name="Seed">The seed of the users' decisions.</param>
/// <param name="Users">How many users there were.</param>
/// <param name="Seconds">How long the whole cell took, with the start of the servers.</param>
/// <param name="FaultAt">When the fault began, in milliseconds of the history.</param>
/// <param name="HealedAt">When it ended.</param>
internal sealed record CellResult(int Seed, int Users, int Seconds, long FaultAt, long HealedAt)
{
    private const int MaximumFindings = 50;

    public required Promises Promises { get; init; }

    /// <summary>How many calls had each outcome.</summary>
    public required IReadOnlyDictionary<string, int> Outcomes { get; init; }

    public required long LongestMs { get; init; }

    /// <summary>How many calls broke each rule.</summary>
    public required IReadOnlyDictionary<Rule, int> Broken { get; init; }

    /// <summary>The first of them.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Whether the topology kept its promises.</summary>
    public bool IsKept => Broken.Keys.All(rule => !Checker.IsPromised(rule, Promises));

    public int Count(Rule rule) => Broken.GetValueOrDefault(rule);

    public int Count(string outcome) => Outcomes.GetValueOrDefault(outcome);

    /// <summary>Checks a history.</summary>
    public CellResult With(IReadOnlyList<Call> calls)
    {
        var findings = Checker.Check(calls, HealedAt);
        return this with
        {
            Outcomes = calls.CountBy(call => call.Outcome).ToDictionary(),
            LongestMs = calls.Where(call => call.Reason != Call.NodeDied).Select(call => call.End - call.Start).DefaultIfEmpty().Max(),
            Broken = findings.CountBy(finding => finding.Rule).ToDictionary(),
            Findings = [.. findings.GroupBy(finding => finding.Rule).SelectMany(rule => rule.Take(MaximumFindings))],
        };
    }
}
