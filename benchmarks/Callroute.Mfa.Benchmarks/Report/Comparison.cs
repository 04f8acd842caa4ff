using Callroute.Mfa.Benchmarks.Results;

namespace Callroute.Mfa.Benchmarks.Report;

/// <summary>A pair of bars of the plot: a peer, and our benchmark for the same task.</summary>
/// <param name="Heading">The task.</param>
/// <param name="Class">The benchmark class.</param>
/// <param name="Peer">The benchmark of the peer.</param>
/// <param name="PeerName">The name.</param>
/// <param name="Ours">Our benchmark.</param>
internal sealed record Comparison(string Heading, string Class, string Peer, string PeerName, string Ours)
{
    public static IReadOnlyList<Comparison> All { get; } =
    [
        new("A wrong code, 3 steps", "TotpVerifyBenchmarks", "Peer", "Otp.NET", "Ours"),
        new("A wrong code, 5 steps", "IdentityBenchmarks", "Identity", "ASP.NET Core Identity", "SameSteps"),
        new("Argon2id, Callroute.Mfa.Sodium", "Argon2Benchmarks", "Konscious", "Konscious", "Sodium"),
        new("A try against 10 recovery codes", "RecoverySetBenchmarks", "HashOfEach(Count=10)", "a hash for each", "Attempt(Count=10)"),
    ];

    public Figure PeerIn(BenchmarkResults results) => Find(results, Peer);

    public Figure OursIn(BenchmarkResults results) => Find(results, Ours);

    private Figure Find(BenchmarkResults results, string benchmark) =>
        results.Find(Class)?.Find(benchmark)
            ?? throw new InvalidDataException($"The results hold no {Class}.{benchmark}: run benchmarks/run.sh '*{Class}*'.");
}
