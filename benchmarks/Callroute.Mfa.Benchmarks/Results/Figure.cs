namespace Callroute.Mfa.Benchmarks.Results;

/// <summary>What was measured of one benchmark.</summary>
/// <param name="Benchmark">The method, with its parameters where it has any: <c>Ours</c>, <c>Attempt(Count=10)</c>.</param>
/// <param name="Title">What to show to people.</param>
/// <param name="IsBaseline">Whether the ratios of its class are to this one.</param>
/// <param name="MedianNs">Nanoseconds a call, the median of the iterations: what else ran for a moment does not move it.</param>
/// <param name="StandardDeviationNs">Their standard deviation.</param>
/// <param name="AllocatedBytes">Managed bytes a call.</param>
public sealed record Figure(string Benchmark, string Title, bool IsBaseline, double MedianNs, double StandardDeviationNs, long AllocatedBytes)
{
    /// <summary>The parameters alone, such as <c>(Count=10)</c>; empty where there are none.</summary>
    public string Parameters() => Benchmark.IndexOf('(', StringComparison.Ordinal) is var start and >= 0 ? Benchmark[start..] : string.Empty;
}
