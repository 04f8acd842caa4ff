using System.Globalization;
using System.Text;

namespace Callroute.Mfa.Reliability;

/// <summary>Writes the page of the results, and its picture.</summary>
internal static class Report
{
    // Each shows a failover under load. The first that was run is drawn.
    private static readonly CellName[] ToDraw =
        [new("patroni-haproxy", "kill-primary"), new("redis-sentinel", "hang-primary"), new("sqlite", "app-kill-all")];

    public static void Write()
    {
        var docs = Path.Combine(CellName.Root, "docs");
        var drawn = ToDraw.FirstOrDefault(name => name.Result is not null)
            ?? throw new InvalidOperationException($"Run one of these cells first: {string.Join(", ", ToDraw.AsEnumerable())}.");
        Picture.Save(drawn, Path.Combine(docs, "reliability.svg"));
        File.WriteAllText(Path.Combine(docs, "reliability.md"), Compose(drawn));
    }

    private static string Compose(CellName drawn)
    {
        var results = Topologies.Cells.Where(name => name.Result is not null).ToLookup(name => name.Topology, name => (name.Fault, Result: name.Result!));
        var page = new StringBuilder(ReportText.Introduction).AppendLine().AppendLine();
        page.AppendLine(CultureInfo.InvariantCulture, $"![Answers per second while the fault {drawn.Fault} hits {drawn.Topology}](reliability.svg)");
        page.AppendLine().AppendLine(ReportText.Picture(drawn)).AppendLine().AppendLine(ReportText.Columns);
        AppendSection(page, "Topologies that keep all promises", results, isSafe: true);
        AppendSection(page, "Topologies that do not", results, isSafe: false);
        return page.AppendLine().Append(ComposeTeeth()).Append(ComposeNotRun()).ToString();
    }

    private static void AppendSection(
        StringBuilder page, string heading, ILookup<string, (string Fault, CellResult Result)> results, bool isSafe)
    {
        page.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"## {heading}");
        foreach (var (name, create) in Topologies.All.Where(entry => Topologies.IsSafe(entry.Value()) == isSafe && results.Contains(entry.Key)))
        {
            page.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"### {name}").AppendLine();
            page.AppendLine(ReportText.Topologies.GetValueOrDefault(name, $"{name}.")).AppendLine().AppendLine(ReportText.TableHead);
            foreach (var (fault, result) in results[name])
            {
                page.AppendLine(Row(fault, result));
            }
        }
    }

    private static string Row(string fault, CellResult result)
    {
        IEnumerable<string> cells =
        [
            fault,
            Number(result.Outcomes.Values.Sum()),
            .. new[] { Outcome.Accepted, Outcome.Refused, Outcome.Read, Outcome.Unavailable, Outcome.Unknown }
                .Select(outcome => Number(result.Count(outcome))),
            string.Create(CultureInfo.InvariantCulture, $"{result.LongestMs / 1000.0:0.0}"),
            .. Enum.GetValues<Rule>().Select(rule => Count(rule, result)),
        ];
        return $"| {string.Join(" | ", cells)} |";
    }

    // Bold: a promise was broken.
    private static string Count(Rule rule, CellResult result)
    {
        var number = Number(result.Count(rule));
        return result.Count(rule) > 0 && Checker.IsPromised(rule, result.Promises) ? $"**{number}**" : number;
    }

    private static string ComposeTeeth()
    {
        var text = new StringBuilder($"{ReportText.Teeth}\n\n");
        foreach (var (cell, counts) in Teeth.Read())
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| `{cell}` | {counts.Count} | {counts.Count(n => n > 0)} | {string.Join(", ", counts)} |");
        }

        return text.AppendLine().ToString();
    }

    private static string ComposeNotRun()
    {
        var text = new StringBuilder($"{ReportText.NotRun}\n\n");
        foreach (var topology in Topologies.LeftOut.GroupBy(name => name.Topology))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {topology.Key}: {string.Join(", ", topology.Select(name => name.Fault))}");
        }

        var missing = Topologies.Cells.Where(name => name.Result is null).Select(name => $"{name.Topology} with {name.Fault}").ToArray();
        return missing.Length == 0 ? text.ToString()
            : text.AppendLine().AppendLine("These pairs have no result yet:").AppendLine()
                .AppendJoin('\n', missing.Select(name => $"- {name}")).AppendLine().ToString();
    }

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
