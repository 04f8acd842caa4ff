using System.Text.Json;

namespace Callroute.Mfa.Benchmarks.Results;

/// <summary>The file that GitHub's benchmark actions read as <c>customSmallerIsBetter</c>: ratios, bytes and times.</summary>
public static class GitHubFile
{
    public static void Save(string path, BenchmarkResults results) =>
        File.WriteAllText(path, JsonSerializer.Serialize(results.Classes.SelectMany(Entries), ResultsJson.Options) + "\n");

    private static IEnumerable<object> Entries(ClassResult result)
    {
        foreach (var figure in result.Figures)
        {
            var name = $"{result.Class}.{figure.Benchmark}";
            if (!figure.IsBaseline && result.Ratio(figure) is { } ratio)
            {
                yield return new { Name = $"{name}, ratio to the baseline", Unit = "ratio", Value = Math.Round(ratio, 4) };
            }

            yield return new { Name = $"{name}, allocated", Unit = "B", Value = figure.AllocatedBytes };
            yield return new
            {
                Name = $"{name}, median",
                Unit = "ns",
                Value = Math.Round(figure.MedianNs, 1),
                Range = $"± {figure.StandardDeviationNs:F1}",
                Extra = $"{result.Run.Processor}, job {result.Run.Job}",
            };
        }
    }
}
