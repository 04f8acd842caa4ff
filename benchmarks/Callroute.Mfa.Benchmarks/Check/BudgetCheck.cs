using System.Globalization;
using Callroute.Mfa.Benchmarks.Results;

namespace Callroute.Mfa.Benchmarks.Check;

/// <summary>Compares a run with the budget. A figure that was not measured counts as over the budget.</summary>
internal static class BudgetCheck
{
    private const int RunsShown = 10;

    public static IReadOnlyList<Verdict> Run(Budget budget, BenchmarkResults results, IReadOnlyList<ClassResult> history) =>
        [.. budget.Guards.SelectMany(Limits).Select(limit => Judge(limit, results.Find(limit.Guard.Class), history))];

    private static IEnumerable<Limit> Limits(Guarded guard)
    {
        var name = $"{guard.Class}.{guard.Benchmark}";
        if (guard.MaximumRatio is { } ratio)
        {
            yield return new(guard, $"{name} ÷ {guard.Baseline}", result => result.Ratio(guard.Benchmark, guard.Baseline!), ratio, "0.000");
        }

        if (guard.MaximumAllocatedBytes is { } bytes)
        {
            yield return new(guard, $"{name}, bytes", result => result.Find(guard.Benchmark)?.AllocatedBytes, bytes, "0");
        }
    }

    private static Verdict Judge(Limit limit, ClassResult? result, IReadOnlyList<ClassResult> history)
    {
        var figure = result is null ? null : limit.Measure(result);
        var isKept = figure <= limit.Maximum;
        var text = $"{(isKept ? "kept" : "OVER")}  {limit.Name}: {limit.Show(figure)}, budget {limit.Show(limit.Maximum)}";
        return new(
            isKept,
            isKept ? text : $"{text}\n      {limit.Guard.Why}\n{Past(limit, history.Where(run => run.Run.Date < result?.Run.Date))}");
    }

    private static string Past(Limit limit, IEnumerable<ClassResult> history)
    {
        var runs = history
            .Where(run => run.Class == limit.Guard.Class && limit.Measure(run) is not null)
            .TakeLast(RunsShown)
            .Select(run =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"      {run.Run.Date:yyyy-MM-dd HH:mm}  {run.Run.Commit}  {limit.Show(limit.Measure(run))}  "
                    + $"({run.Run.Processor}, job {run.Run.Job})"))
            .ToArray();
        return runs.Length == 0
            ? "      No earlier run is known."
            : $"      Earlier runs, the last one at the end:\n{string.Join('\n', runs)}";
    }

    private sealed record Limit(Guarded Guard, string Name, Func<ClassResult, double?> Measure, double Maximum, string Format)
    {
        public string Show(double? value) => value?.ToString(Format, CultureInfo.InvariantCulture) ?? "not measured";
    }
}
