using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Sodium;

/// <summary>Chooses the hasher of this package.</summary>
public static class SodiumBuilderExtensions
{
    /// <summary>Hashes recovery codes by libsodium's Argon2id.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="parameters">The cost of new sets; the defaults where null. One lane.</param>
    /// <param name="gate">Bounds how many are hashed at a time; the default where null.</param>
    /// <returns>The builder.</returns>
    public static IMfaBuilder UseSodium(this IMfaBuilder builder, Argon2Parameters? parameters = null, RecoveryHashGate? gate = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseHasher(_ => new SodiumRecoveryCodeHasher(parameters, gate));
    }
}
