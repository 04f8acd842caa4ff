using System.Globalization;
using Callroute.Mfa.Benchmarks.Results;
using ScottPlot;
using SkiaSharp;

namespace Callroute.Mfa.Benchmarks.Report;

/// <summary>Draws our results and those of the peers, each pair relative to its peer.</summary>
internal static class PeerPlot
{
    private const int Width = 760;
    private const int Height = 420;
    private const double PairHeight = 2.6;

    // DejaVu Sans is on Debian. The other fonts have nearly the same metrics, for viewers without it.
    private static readonly string[] Fonts = ["DejaVu Sans", "Verdana", "Liberation Sans", "Arial"];
    private static readonly Color PeerColor = Color.FromHex("#9aa5b1");
    private static readonly Color OurColor = Color.FromHex("#1f6feb");

    public static void Save(BenchmarkResults results, string path)
    {
        ScottPlot.Fonts.Default = FindFont()
            ?? throw new InvalidOperationException($"Install one of these fonts: {string.Join(", ", Fonts)}.");
        var svg = Draw(results).GetSvgXml(Width, Height);
        File.WriteAllText(
            path,
            svg.Replace(
                $"font-family=\"{ScottPlot.Fonts.Default}\"",
                $"font-family=\"{string.Join(", ", Fonts)}, sans-serif\"",
                StringComparison.Ordinal).TrimEnd() + "\n");
    }

    /// <returns>The first installed font of the list, or null if none is installed.</returns>
    public static string? FindFont() => Array.Find(Fonts, SKFontManager.Default.FontFamilies.Contains);

    private static Plot Draw(BenchmarkResults results)
    {
        var plot = new Plot();
        var bars = plot.Add.Bars(Comparison.All.SelectMany((comparison, i) => Pair(comparison, results, -i * PairHeight)).ToArray());
        bars.Horizontal = true;
        bars.ValueLabelStyle.FontSize = 13;
        plot.Axes.Left.SetTicks(
            [.. Comparison.All.Select((_, i) => -i * PairHeight)],
            [.. Comparison.All.Select(comparison => $"{comparison.Heading}\nagainst {comparison.PeerName}")]);
        plot.Axes.Left.TickLabelStyle.FontSize = 13;
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.SetLimits(0, 1.4, (-(Comparison.All.Count - 1) * PairHeight) - 1.4, 1.4);
        plot.Axes.Bottom.Label.Text = "time relative to the peer: less is faster";
        plot.Axes.Bottom.Label.Bold = false;
        plot.Axes.Bottom.Label.FontSize = 13;
        plot.Grid.YAxisStyle.IsVisible = false;
        plot.Legend.ManualItems.Add(new LegendItem { LabelText = "peer", FillColor = PeerColor });
        plot.Legend.ManualItems.Add(new LegendItem { LabelText = "Callroute.Mfa", FillColor = OurColor });
        plot.ShowLegend(Alignment.LowerRight);
        return plot;
    }

    private static IEnumerable<Bar> Pair(Comparison comparison, BenchmarkResults results, double position)
    {
        var (peer, ours) = (comparison.PeerIn(results), comparison.OursIn(results));
        var ratio = ours.MedianNs / peer.MedianNs;
        yield return new Bar
        {
            Position = position + 0.5,
            Value = 1,
            FillColor = PeerColor,
            LineWidth = 0,
            Label = Tables.Time(peer.MedianNs),
        };
        yield return new Bar
        {
            Position = position - 0.5,
            Value = ratio,
            FillColor = OurColor,
            LineWidth = 0,
            Label = string.Create(CultureInfo.InvariantCulture, $"{Tables.Time(ours.MedianNs)}, {1 / ratio:0.0} times as fast"),
        };
    }
}
