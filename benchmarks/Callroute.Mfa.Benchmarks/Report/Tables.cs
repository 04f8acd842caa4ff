using System.Globalization;
using System.Text.RegularExpressions;
using Callroute.Mfa.Benchmarks.Results;

namespace Callroute.Mfa.Benchmarks.Report;

/// <summary>
/// Rewrites the tables of a document, between <c>&lt;!-- benchmarks: Class --&gt;</c> and <c>&lt;!-- /benchmarks --&gt;</c>.
/// </summary>
internal static partial class Tables
{
    public static string Fill(string document, BenchmarkResults results) => Marked().Replace(document, match =>
    {
        var name = match.Groups["class"].Value;
        var result = results.Find(name) ?? throw new InvalidDataException($"The results hold no {name}: run benchmarks/run.sh '*{name}*'.");
        return $"<!-- benchmarks: {name} -->\n{Table(result)}\n<!-- /benchmarks -->";
    });

    public static string Time(double nanoseconds) => nanoseconds switch
    {
        < 1_000 => Number(nanoseconds, "ns"),
        < 1_000_000 => Number(nanoseconds / 1_000, "µs"),
        _ => Number(nanoseconds / 1_000_000, "ms"),
    };

    private static string Table(ClassResult result)
    {
        var run = result.Run;
        var rows = result.Figures.Select(figure => string.Create(
            CultureInfo.InvariantCulture,
            $"| {figure.Title} | {Time(figure.MedianNs)} | {result.Ratio(figure):0.00} | {figure.AllocatedBytes:N0} B |"));
        var machine = $"{run.Processor}, {run.Cores} cores, {run.System}, {run.Runtime}, load {run.Load}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            `{CommandOf(result)}`: {run.Date:yyyy-MM-dd}, commit {run.Commit}, {machine}

            | | median | ratio | allocated |
            |---|---:|---:|---:|
            {string.Join('\n', rows)}
            """);
    }

    private static string Number(double value, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{value.ToString(value < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture)} {unit}");

    [GeneratedRegex("<!-- benchmarks: (?<class>\\w+) -->.*?<!-- /benchmarks -->", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Marked();

    private static string CommandOf(ClassResult result) =>
        result.Run.Job == "guarded" ? "benchmarks/run.sh --guarded" : $"benchmarks/run.sh '*{result.Class}*'";
}
