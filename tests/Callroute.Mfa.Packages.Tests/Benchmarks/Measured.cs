using Callroute.Mfa.Benchmarks.Results;

namespace Callroute.Mfa.Packages.Tests.Benchmarks;

/// <summary>Creates results in the form that a run writes.</summary>
internal static class Measured
{
    public static RunContext Context(int day) =>
        new(
            new DateTimeOffset(2026, 11, day, 12, 0, 0, TimeSpan.Zero),
            $"c0ffee{day}", "AMD EPYC", 2, "Debian", ".NET 10", "guarded", "0.10 0.10 0.10");

    /// <summary>A class with a baseline of 100 ns.</summary>
    public static ClassResult Class(int day, double oursNs, long oursBytes = 0, string name = "TotpVerifyBenchmarks") =>
        new(
            name,
            Context(day),
            [new Figure("Peer", "Otp.NET", true, 100, 1, 2_472), new Figure("Ours", "Callroute.Mfa", false, oursNs, 1, oursBytes)]);

    public static BenchmarkResults Results(params ClassResult[] classes) => BenchmarkResults.Empty.With(classes);
}
