using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Callroute.Mfa.Otp;
using OtpNet;
using OurTotp = Callroute.Mfa.Otp.Totp;
using PeerTotp = OtpNet.Totp;

namespace Callroute.Mfa.Benchmarks;

/// <summary>A wrong code with a window of one step each way and of twenty, as in resynchronisation, with SHA-1.</summary>
[MemoryDiagnoser]
public class TotpWindowBenchmarks
{
    private const string WrongCode = "000000";

    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 10, TimeSpan.Zero);
    private static readonly TotpParameters Parameters = new();
    private static readonly byte[] Message = new byte[8];

    private readonly byte[] _hash = new byte[HMACSHA1.HashSizeInBytes];
    private byte[] _key = [];
    private SharedSecret _secret = null!;
    private PeerTotp _peer = null!;
    private int _stepsEachWay;
    private VerificationWindow _peerWindow = null!;

    [Params(3, 41)]
    public int Steps { get; set; }

    [GlobalSetup]
    public void MakeSecret()
    {
        _secret = SharedSecret.Generate();
        _key = new byte[_secret.Size];
        _secret.CopyTo(_key);
        _peer = new PeerTotp(_key);
        _stepsEachWay = Steps / 2;
        _peerWindow = new VerificationWindow(Steps / 2, Steps / 2);
    }

    // The switch is read once per process, and BenchmarkDotNet runs every benchmark in its own process.
    [GlobalSetup(Target = nameof(Vectorized))]
    public void SwitchOn()
    {
        AppContext.SetSwitch("Callroute.Mfa.VectorizedHmac", true);
        MakeSecret();
    }

    [GlobalCleanup]
    public void WipeSecret() => _secret.Dispose();

    [Benchmark(Baseline = true, Description = "Otp.NET")]
    public bool Peer() => _peer.VerifyTotp(Now.UtcDateTime, WrongCode, out _, _peerWindow);

    [Benchmark(Description = "HMACs alone")]
    public int Hmacs()
    {
        var sum = 0;
        for (var i = 0; i < Steps; i++)
        {
            sum += HMACSHA1.HashData(_key, Message, _hash);
        }

        return sum;
    }

    [Benchmark(Description = "Callroute.Mfa")]
    public bool Ours() => Verify();

    [Benchmark(Description = "Callroute.Mfa, vectorised")]
    public bool Vectorized() => Verify();

    private bool Verify() => OurTotp.Verify(_secret, Parameters, WrongCode, Now, _stepsEachWay, _stepsEachWay) is not null;
}
