using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa;

/// <summary>Adds the parts that need no other package.</summary>
public static class MfaBuilderExtensions
{
    /// <summary>Stores records in memory, for tests and demonstrations: they are lost when the process ends.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IMfaBuilder UseInMemory(this IMfaBuilder builder) => Guard.NotNull(builder).UseStore(_ => new InMemoryMfaStore());

    /// <summary>Encrypts secrets with AES-256-GCM under the application's own keys.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="keys">The keys; see <see cref="KeyRing"/>.</param>
    /// <returns>The builder.</returns>
    public static IMfaBuilder UseAesGcm(this IMfaBuilder builder, KeyRing keys)
    {
        Guard.NotNull(keys);
        return Guard.NotNull(builder).UseProtector(_ => new AesGcmSecretProtector(keys));
    }

    /// <summary>Hashes recovery codes with PBKDF2, for hosts that may use only algorithms that FIPS 140 approves.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="iterations">As in <see cref="Pbkdf2RecoveryCodeHasher"/>.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The iterations are outside their range.</exception>
    public static IMfaBuilder UsePbkdf2(this IMfaBuilder builder, int iterations = Pbkdf2Settings.DefaultIterations)
    {
        var hasher = new Pbkdf2RecoveryCodeHasher(iterations);
        return Guard.NotNull(builder).UseHasher(_ => hasher);
    }
}
