using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Jobs;
using Perfolizer.Horology;

namespace Callroute.Mfa.Benchmarks;

/// <summary>The duration of the measurements. BenchmarkDotNet's own files go to artifacts/benchmarks.</summary>
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

    // Use the median of many short iterations instead of few long ones: a short disturbance then affects only some of them.
    private static Job Short() => Job.Default
        .WithId("Guarded")
        .WithWarmupCount(3)
        .WithIterationCount(11)
        .WithIterationTime(TimeInterval.FromMilliseconds(100))
        .AsDefault();
}
