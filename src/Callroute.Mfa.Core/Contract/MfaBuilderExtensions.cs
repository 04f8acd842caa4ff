using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa;

/// <summary>Chooses what needs no other package.</summary>
public static class MfaBuilderExtensions
{
    /// <summary>Keeps records in memory: for tests and demonstrations, as they end with the process.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static IMfaBuilder UseInMemory(this IMfaBuilder builder) => Guard.NotNull(builder).UseStore(_ => new InMemoryMfaStore());

    /// <summary>Encrypts secrets by AES-256-GCM under keys of the application's own.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="keys">The keys; see <see cref="KeyRing"/>.</param>
    /// <returns>The builder.</returns>
    public static IMfaBuilder UseAesGcm(this IMfaBuilder builder, KeyRing keys)
    {
        Guard.NotNull(keys);
        return Guard.NotNull(builder).UseProtector(_ => new AesGcmSecretProtector(keys));
    }
}
