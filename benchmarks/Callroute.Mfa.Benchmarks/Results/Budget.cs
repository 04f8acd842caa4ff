using System.Text.Json;

namespace Callroute.Mfa.Benchmarks.Results;

/// <summary>The figures that CI checks.</summary>
public sealed record Budget(IReadOnlyList<Guarded> Guards)
{
    public static Budget Load(string path)
    {
        var budget = JsonSerializer.Deserialize<Budget>(File.ReadAllBytes(path), ResultsJson.Options)!;
        return budget.Guards.FirstOrDefault(guard => !guard.IsValid()) is { } wrong
            ? throw new InvalidDataException(
                $"{path}: {wrong.Class}.{wrong.Benchmark} needs maximumRatio with a baseline, or maximumAllocatedBytes, or both.")
            : budget;
    }
}
