using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using OtpNet;

namespace Callroute.Mfa.Benchmarks;

/// <summary>
/// The cost of a page that enrols. The peer only creates a secret and its URI. Our service also encrypts the secret,
/// writes the pending enrolment to an in-memory store, and returns the key to type by hand.
/// </summary>
[MemoryDiagnoser]
public class EnrollmentBenchmarks
{
    private static readonly MfaSubject Alice = new("user-4711");

    private readonly MfaService _mfa = new(
        new InMemoryMfaStore(),
        new AesGcmSecretProtector(new KeyRing("k1", new Dictionary<string, byte[]> { ["k1"] = RandomNumberGenerator.GetBytes(32) })),
        new NoHasher(),
        new MfaOptions { Issuer = "Callroute" });

    [Benchmark(Baseline = true, Description = "Otp.NET, secret and URI")]
    public string Peer() =>
        new OtpUri(OtpNet.OtpType.Totp, KeyGeneration.GenerateRandomKey(20), "alice@example.com", "Callroute").ToString();

    [Benchmark(Description = "MfaService.BeginEnrollmentAsync")]
    public async Task<string> Ours() => (await _mfa.BeginEnrollmentAsync(Alice, "alice@example.com")).Uri!.Reveal();

    /// <summary>Throws, because no recovery code is created here.</summary>
    private sealed class NoHasher : IRecoveryCodeHasher
    {
        public string CreateSettings() => throw new NotSupportedException();

        public bool IsCurrent(string settings) => true;

        public Task<byte[]> HashAsync(byte[] input, string settings) => throw new NotSupportedException();
    }
}
