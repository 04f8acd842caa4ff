using System.Globalization;

namespace Callroute.Mfa.Argon2;

/// <summary>The cost parameters of Argon2id (RFC 9106 §3.1), always within the caps.</summary>
/// <remarks>The caps limit the cost that a stored text can cause.</remarks>
internal sealed record Argon2Cost
{
    /// <summary>The defaults: the OWASP Password Storage Cheat Sheet recommends them.</summary>
    public const int DefaultMemoryKib = 19_456;
    public const int DefaultIterations = 2;
    public const int DefaultParallelism = 1;

    public const int MaximumMemoryKib = 65_536;
    public const int MaximumIterations = 10;
    public const int MaximumParallelism = 4;

    private const int MinimumMemoryKibPerLane = 8;

    /// <param name="memoryKib">m, the memory: from 8 KiB per lane to 65,536 KiB.</param>
    /// <param name="iterations">t, the number of passes: 1–10.</param>
    /// <param name="parallelism">p, the number of lanes: 1–4.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public Argon2Cost(int memoryKib, int iterations, int parallelism)
    {
        Parallelism = InRange(parallelism, 1, MaximumParallelism, nameof(parallelism));
        MemoryKib = InRange(memoryKib, MinimumMemoryKibPerLane * parallelism, MaximumMemoryKib, nameof(memoryKib));
        Iterations = InRange(iterations, 1, MaximumIterations, nameof(iterations));
    }

    public int MemoryKib { get; }

    public int Iterations { get; }

    public int Parallelism { get; }

    public static bool IsInRange(int memoryKib, int iterations, int parallelism) =>
        parallelism is >= 1 and <= MaximumParallelism
        && memoryKib >= MinimumMemoryKibPerLane * parallelism && memoryKib <= MaximumMemoryKib
        && iterations is >= 1 and <= MaximumIterations;

    private static int InRange(int value, int minimum, int maximum, string name) => value >= minimum && value <= maximum
        ? value
        : throw new ArgumentOutOfRangeException(
            name, value, string.Create(CultureInfo.InvariantCulture, $"{name} must be {minimum}–{maximum}, was {value}."));
}
