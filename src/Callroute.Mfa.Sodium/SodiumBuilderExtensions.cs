using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Sodium;

/// <summary>Chooses the hasher of this package.</summary>
public static class SodiumBuilderExtensions
{
    /// <summary>Hashes recovery codes by Argon2id, native.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="parameters">The cost of new sets, with p=1; the defaults where null.</param>
    /// <param name="gate">Bounds how many are hashed at a time; the default where null.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The parameters have more than one lane.</exception>
    /// <exception cref="PlatformNotSupportedException">libsodium cannot be loaded.</exception>
    public static IMfaBuilder UseSodium(this IMfaBuilder builder, Argon2Parameters? parameters = null, RecoveryHashGate? gate = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var hasher = new SodiumRecoveryCodeHasher(parameters, gate);
        return builder.UseHasher(_ => hasher);
    }
}
