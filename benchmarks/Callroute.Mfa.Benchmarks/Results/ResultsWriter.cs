using System.Runtime.InteropServices;
using BenchmarkDotNet.Environments;
using BenchmarkDotNet.Reports;

namespace Callroute.Mfa.Benchmarks.Results;

/// <summary>Writes a run to the results file and the history.</summary>
internal sealed class ResultsWriter(string folder, string commit, string job)
{
    private readonly RunContext _context = Describe(commit, job);

    /// <returns>The exit code: 0 if something was measured and nothing failed.</returns>
    public int Write(IReadOnlyList<Summary> summaries)
    {
        var classes = summaries.Where(summary => summary.Reports.Length > 0).Select(Read).ToArray();
        if (classes.Length == 0
            || summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)))
        {
            Console.Error.WriteLine("Nothing was measured, or a benchmark failed; no results are written.");
            return 1;
        }

        Directory.CreateDirectory(folder);
        var latest = Path.Combine(folder, "latest.json");
        var results = (File.Exists(latest) ? BenchmarkResults.Load(latest) : BenchmarkResults.Empty).With(classes);
        results.Save(latest);
        GitHubFile.Save(Path.Combine(folder, "latest.github.json"), results);
        History.Append(Path.Combine(folder, "history.jsonl"), classes);
        return 0;
    }

    private ClassResult Read(Summary summary) => new(
        summary.BenchmarksCases[0].Descriptor.Type.Name,
        _context,
        [.. summary.Reports.Where(report => report.ResultStatistics is not null).Select(Read)]);

    private static Figure Read(BenchmarkReport report)
    {
        var benchmark = report.BenchmarkCase;
        var parameters = benchmark.HasParameters ? $"({benchmark.Parameters.PrintInfo})" : string.Empty;
        var statistics = report.ResultStatistics!;
        return new Figure(
            benchmark.Descriptor.WorkloadMethod.Name + parameters,
            benchmark.Descriptor.WorkloadMethodDisplayInfo.Trim('\'') + parameters.Replace("(", " (", StringComparison.Ordinal),
            benchmark.Descriptor.Baseline,
            Math.Round(statistics.Median, 2),
            Math.Round(statistics.StandardDeviation, 2),
            report.GcStats.GetBytesAllocatedPerOperation(benchmark)
                ?? throw new InvalidOperationException($"{benchmark.Descriptor.Type.Name} needs a MemoryDiagnoser."));
    }

    private static RunContext Describe(string commit, string job) => new(
        DateTimeOffset.UtcNow,
        commit,
        HostEnvironmentInfo.GetCurrent().Cpu.Value?.ProcessorName ?? "unknown",
        Environment.ProcessorCount,
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        job,
        File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3)) : "unknown");
}
