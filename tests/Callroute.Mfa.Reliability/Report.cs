using System.Globalization;

namespace Callroute.Mfa.Reliability;

/// <summary>Writes the page of the results, and its picture. The fixed text is in <c>reliability.template</c> beside this file.</summary>
internal static class Report
{
    // Each shows a failover under load. The first that was run is drawn.
    private static readonly CellName[] ToDraw =
        [new("patroni-haproxy", "kill-primary"), new("redis-sentinel", "hang-primary"), new("sqlite", AppFaults.KillAll)];

    private static readonly Outcome[] Shown = [Outcome.Accepted, Outcome.Refused, Outcome.Read, Outcome.Unavailable, Outcome.Unknown];

    public static async Task<int> WriteAsync()
    {
        var drawn = ToDraw.First(name => name.Result is not null);
        Picture.Save(drawn, Path.Combine(CellName.Root, "docs", "reliability.svg"));
        var page = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "reliability.template"));
        foreach (var (mark, lines) in Parts(drawn))
        {
            page = page.Replace($"{{{{{mark}}}}}", string.Join('\n', lines), StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(Path.Combine(CellName.Root, "docs", "reliability.md"), page);
        return 0;
    }

    private static IEnumerable<(string Mark, IEnumerable<string> Lines)> Parts(CellName drawn)
    {
        var results = Topologies.Cells.Select(name => (Name: name, name.Result)).Where(cell => cell.Result is not null)
            .ToLookup(cell => cell.Result!.Promises.AreAll, cell => Row(cell.Name, cell.Result!));
        yield return ("drawn", [$"{drawn.Topology} with {drawn.Fault}"]);
        yield return ("safe", results[true]);
        yield return ("unsafe", results[false]);
        yield return ("measured", Topologies.Cells.Where(name => name.Result?.Measured is not null)
            .Select(name => $"| {name.Topology} | {name.Result!.Measured} |"));
        yield return ("teeth", (CellName.Read<Dictionary<string, int[]>>(Batch.TeethFile) ?? []).Select(cell =>
            $"| {cell.Key} | {cell.Value.Length} | {cell.Value.Count(n => n > 0)} | {string.Join(", ", cell.Value)} |"));
        yield return ("left-out", ByTopology(Topologies.Pairs.Where(pair => !pair.IsRun).Select(pair => pair.Name)));
        yield return ("missing", ByTopology(Topologies.Cells.Where(name => name.Result is null)).DefaultIfEmpty("| none | |"));
    }

    private static IEnumerable<string> ByTopology(IEnumerable<CellName> names) => names.GroupBy(name => name.Topology)
        .Select(topology => $"| {topology.Key} | {string.Join(", ", topology.Select(name => name.Fault))} |");

    private static string Row(CellName name, CellResult result)
    {
        IEnumerable<string> cells =
        [
            name.Topology,
            name.Fault,
            Number(result.Outcomes.Values.Sum()),
            .. Shown.Select(outcome => Number(result.Outcomes.GetValueOrDefault(outcome))),
            (result.LongestMs / 1000.0).ToString("0.0", CultureInfo.InvariantCulture),
            .. Enum.GetValues<Rule>().Select(rule => Count(rule, result)),
        ];
        return $"| {string.Join(" | ", cells)} |";
    }

    // Bold: a promise is broken.
    private static string Count(Rule rule, CellResult result)
    {
        var number = Number(result.Broken.GetValueOrDefault(rule));
        return result.Broken.ContainsKey(rule) && Checker.IsPromised(rule, result.Promises) ? $"**{number}**" : number;
    }

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
