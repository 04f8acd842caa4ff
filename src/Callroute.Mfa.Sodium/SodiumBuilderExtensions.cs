using Callroute.Mfa.Argon2;

namespace Callroute.Mfa.Sodium;

/// <summary>Chooses the hasher of this package.</summary>
public static class SodiumBuilderExtensions
{
    /// <summary>Hashes recovery codes with native Argon2id.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="memoryKib">The memory of new sets, in KiB: 8–65,536.</param>
    /// <param name="iterations">The passes of new sets: 1–10.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    /// <exception cref="PlatformNotSupportedException">libsodium cannot be loaded.</exception>
    public static IMfaBuilder UseSodium(
        this IMfaBuilder builder, int memoryKib = Argon2Cost.DefaultMemoryKib, int iterations = Argon2Cost.DefaultIterations)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var hasher = new SodiumRecoveryCodeHasher(memoryKib, iterations);
        return builder.UseHasher(_ => hasher);
    }
}
