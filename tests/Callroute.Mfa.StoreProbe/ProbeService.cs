using Callroute.Mfa.Argon2;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.StoreProbe;

/// <summary>
/// Creates the service that every process of a test runs: with one key, and the cheapest Argon2id, because its strength does not matter
/// here.
/// </summary>
public static class ProbeService
{
    private static long _services;

    public static MfaService Create(IMfaStore store, string key, TimeProvider clock) =>
        new(
            store,
            new AesGcmSecretProtector(new KeyRing("k1", new Dictionary<string, byte[]> { ["k1"] = Convert.FromBase64String(key) })),
            new Argon2RecoveryCodeHasher(memoryKib: 8, iterations: 1),
            new MfaOptions
            {
                Issuer = "Callroute",
                OnEnrolledChanged = (_, _) => ValueTask.CompletedTask,
                Recovery =
                {
                    HashConcurrency = 2,
                    HashQueueLength = 1000,
                    // Services with equal bounds share one gate. A flow that stops for ever at a failpoint must not keep others waiting.
                    MaximumHashWait = TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(Interlocked.Increment(ref _services)),
                },
            },
            clock);
}
