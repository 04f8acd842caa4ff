using System.Diagnostics;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Callroute.Mfa.Otp;
using OtpNet;
using OurTotp = Callroute.Mfa.Otp.Totp;
using PeerTotp = OtpNet.Totp;

namespace Callroute.Mfa.Benchmarks;

/// <summary>A wrong code with a window of one step each way and of twenty, as in resynchronisation, for every algorithm.</summary>
[MemoryDiagnoser]
public class TotpWindowBenchmarks
{
    private const string WrongCode = "000000";

    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 10, TimeSpan.Zero);
    private static readonly byte[] Message = new byte[8];

    private readonly byte[] _hash = new byte[HMACSHA512.HashSizeInBytes];
    private byte[] _key = [];
    private SharedSecret _secret = null!;
    private PeerTotp _peer = null!;
    private TotpParameters _parameters = null!;
    private int _stepsEachWay;
    private VerificationWindow _peerWindow = null!;

    [Params(OtpAlgorithm.Sha1, OtpAlgorithm.Sha256, OtpAlgorithm.Sha512)]
    public OtpAlgorithm Algorithm { get; set; }

    [Params(3, 41)]
    public int Steps { get; set; }

    [GlobalSetup]
    public void MakeSecret()
    {
        _secret = SharedSecret.Generate(Algorithm);
        _key = new byte[_secret.Size];
        _secret.CopyTo(_key);
        _peer = new PeerTotp(
            _key,
            mode: Algorithm switch
            {
                OtpAlgorithm.Sha1 => OtpHashMode.Sha1,
                OtpAlgorithm.Sha256 => OtpHashMode.Sha256,
                _ => OtpHashMode.Sha512,
            });
        _parameters = new TotpParameters { Algorithm = Algorithm };
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
            sum += Hmac();
        }

        return sum;
    }

    [Benchmark(Description = "Callroute.Mfa")]
    public bool Ours() => Verify();

    [Benchmark(Description = "Callroute.Mfa, vectorised")]
    public bool Vectorized() => Verify();

    private bool Verify() => OurTotp.Verify(_secret, _parameters, WrongCode, Now, _stepsEachWay, _stepsEachWay) is not null;

    private int Hmac() => Algorithm switch
    {
        OtpAlgorithm.Sha1 => HMACSHA1.HashData(_key, Message, _hash),
        OtpAlgorithm.Sha256 => HMACSHA256.HashData(_key, Message, _hash),
        OtpAlgorithm.Sha512 => HMACSHA512.HashData(_key, Message, _hash),
        _ => throw new UnreachableException(),
    };
}
