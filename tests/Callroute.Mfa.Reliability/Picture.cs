using ScottPlot;
using SkiaSharp;

namespace Callroute.Mfa.Reliability;

/// <summary>Draws the answers per second of one run.</summary>
internal static class Picture
{
    private const int Width = 860;
    private const int Height = 380;

    // DejaVu Sans is on Debian. The other fonts have nearly the same metrics, for viewers without it.
    private static readonly string[] Fonts = ["DejaVu Sans", "Verdana", "Liberation Sans", "Arial"];

    private static readonly (string Label, string Color, string[] Outcomes)[] Lines =
    [
        ("accepted", "#1a7f37", [Outcome.Accepted]),
        ("refused", "#9aa5b1", [Outcome.Refused]),
        ("unavailable, or no answer", "#cf222e", [Outcome.Unavailable, Outcome.Unknown]),
    ];

    public static void Save(CellName name, string path)
    {
        ScottPlot.Fonts.Default = Array.Find(Fonts, SKFontManager.Default.FontFamilies.Contains)
            ?? throw new InvalidOperationException($"Install one of these fonts: {string.Join(", ", Fonts)}.");
        var svg = Draw(name.Result!, [.. History.Read(name.HistoryPath)]).GetSvgXml(Width, Height);
        File.WriteAllText(
            path,
            svg.Replace(
                $"font-family=\"{ScottPlot.Fonts.Default}\"",
                $"font-family=\"{string.Join(", ", Fonts)}, sans-serif\"",
                StringComparison.Ordinal).TrimEnd() + "\n");
    }

    private static Plot Draw(CellResult result, IReadOnlyList<Call> calls)
    {
        var plot = new Plot();
        var seconds = (int)(calls.Max(call => call.End) / 1000);
        foreach (var (label, color, outcomes) in Lines)
        {
            var counts = new double[seconds + 1];
            foreach (var call in calls.Where(call => outcomes.Contains(call.Outcome)))
            {
                counts[call.End / 1000]++;
            }

            var line = plot.Add.ScatterLine([.. Enumerable.Range(0, seconds + 1).Select(i => (double)i)], counts);
            (line.LegendText, line.Color, line.LineWidth) = (label, Color.FromHex(color), 2);
        }

        Mark(plot, result.FaultAt, "the fault begins");
        Mark(plot, result.HealedAt, "it ends");
        plot.Axes.Left.Label.Text = "answers per second";
        plot.Axes.Bottom.Label.Text = "seconds";
        plot.ShowLegend(Alignment.UpperRight);
        return plot;
    }

    private static void Mark(Plot plot, long milliseconds, string text)
    {
        var mark = plot.Add.VerticalLine(milliseconds / 1000.0);
        (mark.Color, mark.LinePattern, mark.LabelText) = (Colors.Black, LinePattern.Dashed, text);
        mark.LabelOppositeAxis = true;
    }
}
