namespace Callroute.Mfa.Recovery;

/// <summary>Holds the cost parameters of Argon2id (RFC 9106 §3.1), always within the ceilings.</summary>
/// <remarks>
/// Immutable and thread-safe; equal when all values are. The ceilings bound what a stored or received string can make a
/// server spend: m ≤ 65,536 KiB, t ≤ 10, p ≤ 4.
/// </remarks>
public sealed record Argon2Parameters
{
    /// <summary>m=19456 KiB, t=2, p=1 (OWASP Password Storage Cheat Sheet).</summary>
    public static Argon2Parameters Default { get; } = new(19_456, 2, 1);

    /// <summary>The greatest memory, in KiB.</summary>
    public const int MaximumMemory = 65_536;

    /// <summary>The greatest number of passes.</summary>
    public const int MaximumIterations = 10;

    /// <summary>The greatest number of lanes.</summary>
    public const int MaximumParallelism = 4;

    /// <summary>Makes parameters.</summary>
    /// <param name="memory">m, in KiB: 8 a lane to 65,536.</param>
    /// <param name="iterations">t, passes: 1–10.</param>
    /// <param name="parallelism">p, lanes: 1–4.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public Argon2Parameters(int memory, int iterations, int parallelism)
    {
        Parallelism = Guard.InRange(parallelism, 1, MaximumParallelism);
        Memory = Guard.InRange(memory, 8 * parallelism, MaximumMemory);
        Iterations = Guard.InRange(iterations, 1, MaximumIterations);
    }

    /// <summary>m, the memory in KiB.</summary>
    public int Memory { get; }

    /// <summary>t, the number of passes.</summary>
    public int Iterations { get; }

    /// <summary>p, the number of lanes.</summary>
    public int Parallelism { get; }

    internal static bool AreInRange(int memory, int iterations, int parallelism) =>
        parallelism is >= 1 and <= MaximumParallelism
        && memory >= 8 * parallelism && memory <= MaximumMemory
        && iterations is >= 1 and <= MaximumIterations;
}
