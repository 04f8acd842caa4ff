using Callroute.Mfa.Argon2;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.StoreProbe;

/// <summary>Makes the service that every process of a test runs: with one key, and the cheapest Argon2id, whose strength is no matter here.</summary>
public static class ProbeService
{
    /// <summary>What costs a microsecond of hashing, so that a round is about the store.</summary>
    private static readonly Argon2Parameters Cheap = new(memory: 8, iterations: 1, parallelism: 1);

    public static MfaService Create(IMfaStore store, string key, TimeProvider clock) =>
        new(
            store,
            new AesGcmSecretProtector(new KeyRing("k1", new Dictionary<string, byte[]> { ["k1"] = Convert.FromBase64String(key) })),
            new Argon2RecoveryCodeHasher(Cheap, new RecoveryHashGate(concurrency: 2, queueLength: 1000, TimeSpan.FromMinutes(1))),
            new MfaOptions { Issuer = "Callroute" },
            clock);
}
