namespace Callroute.Mfa.Benchmarks.Results;

/// <summary>A figure of the budget: a time only as a ratio to another of the same class in the same run, or allocated bytes.</summary>
/// <param name="Class">The benchmark class.</param>
/// <param name="Benchmark">The method, with its parameters where it has any.</param>
/// <param name="Baseline">What its time is compared with, in the same class.</param>
/// <param name="MaximumRatio">The greatest ratio.</param>
/// <param name="MaximumAllocatedBytes">The most managed bytes a call.</param>
/// <param name="Why">The promise that is kept, for whoever meets the failure.</param>
public sealed record Guarded(string Class, string Benchmark, string Why, string? Baseline = null, double? MaximumRatio = null, long? MaximumAllocatedBytes = null)
{
    /// <summary>The methods that must be measured for it, such as <c>TotpVerifyBenchmarks.Ours</c>.</summary>
    public IEnumerable<string> Benchmarks() => Baseline is null ? [$"{Class}.{Benchmark}"] : [$"{Class}.{Benchmark}", $"{Class}.{Baseline}"];

    internal bool IsValid() => (MaximumRatio is null) == (Baseline is null) && (MaximumRatio ?? MaximumAllocatedBytes) is not null;
}
