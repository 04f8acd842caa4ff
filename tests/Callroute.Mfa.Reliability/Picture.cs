using ScottPlot;
using SkiaSharp;

namespace Callroute.Mfa.Reliability;

/// <summary>Draws the answers per second of one run.</summary>
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
