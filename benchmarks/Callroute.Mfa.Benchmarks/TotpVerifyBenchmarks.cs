using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Callroute.Mfa.Otp;
using OtpNet;
using OurTotp = Callroute.Mfa.Otp.Totp;
using PeerTotp = OtpNet.Totp;

namespace Callroute.Mfa.Benchmarks;

/// <summary>A wrong code with SHA-1, 6 digits and one step each way: the cost of every guess.</summary>
[MemoryDiagnoser]
public class TotpVerifyBenchmarks
{
    private const string WrongCode = "000000";

    private static readonly byte[] Key = "12345678901234567890"u8.ToArray();
    private static readonly TotpParameters Parameters = new();
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 10, TimeSpan.Zero);
    private static readonly byte[] Message = new byte[8];

    private readonly SharedSecret _secret = SharedSecret.FromBytes(Key);
    private readonly PeerTotp _peer = new(Key);
    private readonly VerificationWindow _peerWindow = new(1, 1);
    private readonly byte[] _hash = new byte[HMACSHA1.HashSizeInBytes];

    // The switch is read once per process, and BenchmarkDotNet runs every benchmark in its own process.
    [GlobalSetup(Target = nameof(Vectorized))]
    public void SwitchOn() => AppContext.SetSwitch("Callroute.Mfa.VectorizedHmac", true);

    [GlobalCleanup]
    public void WipeSecret() => _secret.Dispose();

    [Benchmark(Baseline = true, Description = "Otp.NET")]
    public bool Peer() => _peer.VerifyTotp(Now.UtcDateTime, WrongCode, out _, _peerWindow);

    [Benchmark(Description = "Callroute.Mfa")]
    public bool Ours() => Verify(_secret);

    [Benchmark(Description = "Callroute.Mfa, new secret")]
    public bool OursWithANewSecret()
    {
        using var secret = SharedSecret.FromBytes(Key);
        return Verify(secret);
    }

    [Benchmark(Description = "Callroute.Mfa, vectorised")]
    public bool Vectorized() => Verify(_secret);

    [Benchmark(Description = "Three HMACs alone")]
    public int ThreeHmacs() =>
        HMACSHA1.HashData(Key, Message, _hash) + HMACSHA1.HashData(Key, Message, _hash) + HMACSHA1.HashData(Key, Message, _hash);

    [Benchmark(Description = "One HMAC alone")]
    public int OneHmac() => HMACSHA1.HashData(Key, Message, _hash);

    private static bool Verify(SharedSecret secret) =>
        OurTotp.Verify(secret, Parameters, WrongCode, Now, 1, 1) is not null;
}
