using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Jobs;
using Perfolizer.Horology;

namespace Callroute.Mfa.Benchmarks;

/// <summary>How long is measured. BenchmarkDotNet's own files go to artifacts/benchmarks.</summary>
internal static class MeasurementConfig
{
    public static IConfig Create(bool isShort)
    {
        var config = ManualConfig.Create(DefaultConfig.Instance)
            .AddExporter(JsonExporter.Full)
            .WithBuildTimeout(TimeSpan.FromMinutes(10))
            .WithArtifactsPath(Path.Combine("artifacts", "benchmarks"));
        return isShort ? config.AddJob(Short()) : config;
    }

    // Many short iterations, of which the median counts, rather than few long ones: what else runs for a moment spoils only some.
    private static Job Short() => Job.Default
        .WithId("Guarded")
        .WithWarmupCount(3)
        .WithIterationCount(11)
        .WithIterationTime(TimeInterval.FromMilliseconds(100))
        .AsDefault();
}
