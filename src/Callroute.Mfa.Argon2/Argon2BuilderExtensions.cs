namespace Callroute.Mfa.Argon2;

/// <summary>Chooses the hasher of this package.</summary>
public static class Argon2BuilderExtensions
{
    /// <summary>Hashes recovery codes with managed Argon2id.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="memoryKib">The memory of new sets, in KiB: 8 for each lane to 65,536.</param>
    /// <param name="iterations">The passes of new sets: 1–10.</param>
    /// <param name="parallelism">The lanes of new sets: 1–4.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public static IMfaBuilder UseArgon2(
        this IMfaBuilder builder,
        int memoryKib = Argon2Cost.DefaultMemoryKib,
        int iterations = Argon2Cost.DefaultIterations,
        int parallelism = Argon2Cost.DefaultParallelism)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var hasher = new Argon2RecoveryCodeHasher(memoryKib, iterations, parallelism);
        return builder.UseHasher(_ => hasher);
    }
}
