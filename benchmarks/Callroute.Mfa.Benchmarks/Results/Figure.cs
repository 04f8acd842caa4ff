namespace Callroute.Mfa.Benchmarks.Results;

/// <summary>The measurements of one benchmark.</summary>
/// <param name="Benchmark">The method with its parameters, if any: <c>Ours</c>, <c>Attempt(Count=10)</c>.</param>
/// <param name="Title">The title for reports.</param>
/// <param name="IsBaseline">Whether it is the baseline of its class.</param>
/// <param name="MedianNs">Nanoseconds per call: the median of the iterations, which short disturbances do not change.</param>
/// <param name="StandardDeviationNs">The standard deviation of the iterations in nanoseconds.</param>
/// <param name="AllocatedBytes">Managed bytes per call.</param>
public sealed record Figure(
    string Benchmark, string Title, bool IsBaseline, double MedianNs, double StandardDeviationNs, long AllocatedBytes)
{
    /// <summary>The parameters alone, such as <c>(Count=10)</c>; empty if there are none.</summary>
    public string Parameters() =>
        Benchmark.IndexOf('(', StringComparison.Ordinal) is var start and >= 0 ? Benchmark[start..] : string.Empty;
}
