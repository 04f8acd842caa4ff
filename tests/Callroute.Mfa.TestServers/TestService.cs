using Callroute.Mfa.Argon2;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.TestServers;

/// <summary>
/// Creates the service of a test on a store. All have one key, and the cheapest Argon2id, because its strength does not matter here.
/// </summary>
public static class TestService
{
    public static MfaService Create(IMfaStore store, TimeProvider? clock = null) =>
        new(
            store,
            new AesGcmSecretProtector(new KeyRing("k1", new Dictionary<string, byte[]> { ["k1"] = new byte[32] })),
            new Argon2RecoveryCodeHasher(memoryKib: 8, iterations: 1),
            new MfaOptions
            {
                Issuer = "Callroute",
                OnEnrolledChanged = (_, _) => ValueTask.CompletedTask,
                Recovery = { HashQueueLength = 1000, MaximumHashWait = TimeSpan.FromMinutes(1) },
            },
            clock);
}
