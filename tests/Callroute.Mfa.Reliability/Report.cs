using ScottPlot;
using SkiaSharp;

namespace Callroute.Mfa.Reliability;

/// <summary>Writes the page of the results, and its picture. The fixed text is in <c>reliability.template</c> beside this file.</summary>
internal static class Report
{
    // Each shows a failover under load. The first that was run is drawn.
    private static readonly CellName[] ToDraw =
        [new("patroni-haproxy", "kill-primary"), new("redis-sentinel", "hang-primary"), new("sqlite", AppFaults.KillAll)];

    public static async Task<int> WriteAsync()
    {
        var drawn = ToDraw.First(name => name.Result is not null);
        Picture.Save(drawn, Path.Combine(CellName.Root, "docs", "reliability.svg"));
        var page = Fill("reliability.template", Parts(drawn).Select(part => (part.Mark, string.Join('\n', part.Lines))));
        await File.WriteAllTextAsync(Path.Combine(CellName.Root, "docs", "reliability.md"), page);
        return 0;
    }

    public static string Fill(string file, IEnumerable<(string Mark, string Value)> values) => values.Aggregate(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, file)),
        (text, value) => text.Replace($"{{{{{value.Mark}}}}}", value.Value, StringComparison.Ordinal));

    private static IEnumerable<(string Mark, IEnumerable<string> Lines)> Parts(CellName drawn)
    {
        var cells = Topologies.Cells.Select(name => (Name: name, name.Result)).ToArray();
        var rows = cells.Where(cell => cell.Result is not null)
            .ToLookup(cell => cell.Result!.Promises == new Promises(true, true), cell => Row(cell.Name, cell.Result!));
        return
        [
            ("drawn", [$"{drawn.Topology} with {drawn.Fault}"]),
            ("safe", rows[true]),
            ("unsafe", rows[false]),
            ("measured", cells.Where(cell => cell.Result?.Measured is not null)
                .Select(cell => $"| {cell.Name.Topology} | {cell.Result!.Measured} |")),
            ("teeth", (CellName.Read<Dictionary<string, int[]>>(Batch.TeethFile) ?? []).Select(cell =>
                $"| {cell.Key} | {cell.Value.Length} | {cell.Value.Count(n => n > 0)} | {string.Join(", ", cell.Value)} |")),
            ("left-out", ByTopology(Topologies.Pairs.Where(pair => !pair.IsRun).Select(pair => pair.Name))),
            ("missing", ByTopology(cells.Where(cell => cell.Result is null).Select(cell => cell.Name)).DefaultIfEmpty("| none | |")),
        ];
    }

    private static IEnumerable<string> ByTopology(IEnumerable<CellName> names) => names.GroupBy(name => name.Topology)
        .Select(topology => $"| {topology.Key} | {string.Join(", ", topology.Select(name => name.Fault))} |");

    private static string Row(CellName name, CellResult result)
    {
        IEnumerable<string> cells =
        [
            name.Topology, name.Fault, Number(result.Outcomes.Values.Sum()),
            .. Enum.GetValues<Outcome>().Select(outcome => Number(result.Outcomes.GetValueOrDefault(outcome))),
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

internal static class Picture
{
    // DejaVu Sans is on Debian. The other fonts have nearly the same metrics, for viewers without it.
    private static readonly string[] Names = ["DejaVu Sans", "Verdana", "Liberation Sans", "Arial"];

    private static readonly (string Label, string Color, Outcome[] Outcomes)[] Lines =
    [
        ("accepted", "#1a7f37", [Outcome.Accepted]),
        ("refused", "#9aa5b1", [Outcome.Refused]),
        ("unavailable, or no answer", "#cf222e", [Outcome.Unavailable, Outcome.Unknown]),
    ];

    public static void Save(CellName name, string path)
    {
        Fonts.Default = Names.First(SKFontManager.Default.FontFamilies.Contains);
        using var plot = new Plot();
        Draw(plot, name.Result!, History.Read(name.HistoryPath).ToLookup(call => (int)(call.End / 1000)));
        var svg = plot.GetSvgXml(860, 380).Replace(
            $"font-family=\"{Fonts.Default}\"", $"font-family=\"{string.Join(", ", Names)}, sans-serif\"", StringComparison.Ordinal);
        File.WriteAllText(path, $"{svg.TrimEnd()}\n");
    }

    private static void Draw(Plot plot, CellResult result, ILookup<int, Call> calls)
    {
        int[] seconds = [.. Enumerable.Range(0, calls.Max(second => second.Key) + 1)];
        foreach (var (label, color, outcomes) in Lines)
        {
            var line = plot.Add.ScatterLine(
                seconds, seconds.Select(second => calls[second].Count(call => outcomes.Contains(call.Answer.Outcome))).ToArray());
            (line.LegendText, line.Color, line.LineWidth) = (label, Color.FromHex(color), 2);
        }

        foreach (var milliseconds in new[] { result.FaultAt, result.HealedAt })
        {
            var mark = plot.Add.VerticalLine(milliseconds / 1000.0);
            (mark.Color, mark.LinePattern) = (Colors.Black, LinePattern.Dashed);
        }

        plot.Axes.Left.Label.Text = "answers per second";
        plot.Axes.Bottom.Label.Text = "seconds";
        plot.ShowLegend(Alignment.UpperRight);
    }
}
