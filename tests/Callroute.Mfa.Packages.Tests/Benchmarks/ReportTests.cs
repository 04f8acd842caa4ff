using System.Xml.Linq;
using Callroute.Mfa.Benchmarks.Report;
using Callroute.Mfa.Benchmarks.Results;

namespace Callroute.Mfa.Packages.Tests.Benchmarks;

public class ReportTests
{
    [Fact]
    public void Fill_MarkedPlace_WritesTheTableAndNothingElse()
    {
        var document = "before\n<!-- benchmarks: TotpVerifyBenchmarks -->\nold\n<!-- /benchmarks -->\nafter\n";

        var filled = Tables.Fill(document, Measured.Results(Measured.Class(24, oursNs: 30)));

        Assert.Equal(
            """
            before
            <!-- benchmarks: TotpVerifyBenchmarks -->
            `benchmarks/run.sh --guarded`: 2026-11-24, commit c0ffee24, AMD EPYC, 2 cores, Debian, .NET 10, load 0.10 0.10 0.10

            | | median | ratio | allocated |
            |---|---:|---:|---:|
            | Otp.NET | 100.0 ns | 1.00 | 2,472 B |
            | Callroute.Mfa | 30.0 ns | 0.30 | 0 B |
            <!-- /benchmarks -->
            after

            """,
            filled);
    }

    [Fact]
    public void Fill_ClassNotMeasured_Throws() =>
        Assert.Throws<InvalidDataException>(() => Tables.Fill("<!-- benchmarks: Absent --><!-- /benchmarks -->", BenchmarkResults.Empty));

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/performance.md")]
    public void Fill_DocumentOfTheRepository_IsWhatTheResultsSay(string path)
    {
        var document = Repository.Read(path);

        var filled = Tables.Fill(document, Committed());

        Assert.True(document == filled, $"{path} does not show benchmarks/results/latest.json: run benchmarks/report.");
        Assert.Contains("<!-- benchmarks: TotpVerifyBenchmarks -->", document, StringComparison.Ordinal);
    }

    [Fact]
    public void Save_CommittedResults_DrawsEveryComparison()
    {
        Assert.SkipWhen(PeerPlot.FindFont() is null, "No font to draw with is installed; tests/run.sh installs one.");
        using var folder = new TempFolder();

        PeerPlot.Save(Committed(), folder["plot.svg"]);

        var svg = XDocument.Load(folder["plot.svg"]);
        Assert.Equal("svg", svg.Root!.Name.LocalName);
        var texts = svg.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value.Trim()).ToArray();
        Assert.All(Comparison.All, comparison => Assert.Contains($"against {comparison.PeerName}", texts));
    }

    private static BenchmarkResults Committed() => BenchmarkResults.Load(Path.Combine(Repository.Root, "benchmarks/results/latest.json"));
}
