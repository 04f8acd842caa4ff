namespace Callroute.Mfa.Benchmarks.Results;

/// <summary>An entry of the budget. It limits allocated bytes, or a time relative to another one of the same class and run.</summary>
/// <param name="Class">The benchmark class.</param>
/// <param name="Benchmark">The method with its parameters, if any.</param>
/// <param name="Baseline">The benchmark of the same class that its time is compared with.</param>
/// <param name="MaximumRatio">The highest allowed ratio.</param>
/// <param name="MaximumAllocatedBytes">The highest allowed number of managed bytes per call.</param>
/// <param name="Why">The reason for the limit, for the reader of a failure.</param>
public sealed record Guarded(
    string Class, string Benchmark, string Why, string? Baseline = null, double? MaximumRatio = null, long? MaximumAllocatedBytes = null)
{
    /// <summary>The methods that must be measured for the entry, such as <c>TotpVerifyBenchmarks.Ours</c>.</summary>
    public IEnumerable<string> Benchmarks() =>
        Baseline is null ? [$"{Class}.{Benchmark}"] : [$"{Class}.{Benchmark}", $"{Class}.{Baseline}"];

    internal bool IsValid() => (MaximumRatio is null) == (Baseline is null) && (MaximumRatio ?? MaximumAllocatedBytes) is not null;
}
