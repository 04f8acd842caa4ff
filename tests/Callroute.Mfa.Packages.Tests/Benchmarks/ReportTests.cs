using System.Text.RegularExpressions;
using System.Xml.Linq;
using Callroute.Mfa.Benchmarks.Report;
using Callroute.Mfa.Benchmarks.Results;

namespace Callroute.Mfa.Packages.Tests.Benchmarks;

public class ReportTests
{
    [Fact]
    public void Fill_ClassNotMeasured_Throws() =>
        Assert.Throws<InvalidDataException>(() => Tables.Fill("<!-- benchmarks: Absent --><!-- /benchmarks -->", BenchmarkResults.Empty));

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/performance.md")]
    public void Fill_DocumentOfTheRepository_IsWhatTheResultsSay(string path)
    {
        var document = Repository.Read(path);
        var old = Regex.Replace(
            document, @"(?<=<!-- benchmarks: \w+ -->\n).*?(?=<!-- /benchmarks -->)", "old\n", RegexOptions.Singleline);

        var filled = Tables.Fill(old, Committed());

        Assert.NotEqual(document, old);
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
