using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Secrets;
using OtpNet;
using OurTotp = Callroute.Mfa.Otp.Totp;
using PeerTotp = OtpNet.Totp;

namespace Callroute.Mfa.Benchmarks;

/// <summary>A wrong code against SHA-1, 6 digits and one step each way: what every guess costs.</summary>
[MemoryDiagnoser]
public class TotpVerifyBenchmarks
{
    private const string WrongCode = "000000";

    private static readonly byte[] Key = "12345678901234567890"u8.ToArray();
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 10, TimeSpan.Zero);
    private static readonly byte[] Message = new byte[8];

    private readonly SharedSecret _secret = SharedSecret.FromBytes(Key);
    private readonly PeerTotp _peer = new(Key);
    private readonly VerificationWindow _peerWindow = new(1, 1);
    private readonly byte[] _hash = new byte[HMACSHA1.HashSizeInBytes];

    [GlobalCleanup]
    public void WipeSecret() => _secret.Dispose();

    [Benchmark(Baseline = true, Description = "Otp.NET")]
    public bool Peer() => _peer.VerifyTotp(Now.UtcDateTime, WrongCode, out _, _peerWindow);

    [Benchmark(Description = "Callroute.Mfa")]
    public bool Ours() => OurTotp.Verify(_secret, TotpParameters.Default, WrongCode, Now, TimeWindow.OneStep) is not null;

    [Benchmark(Description = "Three HMACs alone")]
    public int ThreeHmacs() =>
        HMACSHA1.HashData(Key, Message, _hash) + HMACSHA1.HashData(Key, Message, _hash) + HMACSHA1.HashData(Key, Message, _hash);
}
