using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Argon2;

/// <summary>Chooses the hasher of this package.</summary>
public static class Argon2BuilderExtensions
{
    /// <summary>Hashes recovery codes by Argon2id, managed.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="parameters">The cost of new sets; the defaults where null.</param>
    /// <param name="gate">Bounds how many are hashed at a time; the default where null.</param>
    /// <returns>The builder.</returns>
    public static IMfaBuilder UseArgon2(this IMfaBuilder builder, Argon2Parameters? parameters = null, RecoveryHashGate? gate = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseHasher(_ => new Argon2RecoveryCodeHasher(parameters, gate));
    }
}
