using BenchmarkDotNet.Attributes;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;
using OtpNet;

namespace Callroute.Mfa.Benchmarks;

/// <summary>Creates and parses the URI of a secret. Otp.NET can only create it.</summary>
[MemoryDiagnoser]
public class ProvisioningUriBenchmarks
{
    private static readonly byte[] Key = "12345678901234567890"u8.ToArray();
    private static readonly TotpParameters Parameters = new();

    private readonly SharedSecret _secret = SharedSecret.FromBytes(Key);
    private string _text = string.Empty;

    [GlobalSetup]
    public void MakeText() => _text = Build();

    [GlobalCleanup]
    public void WipeSecret() => _secret.Dispose();

    [Benchmark(Baseline = true, Description = "Otp.NET, build")]
    public string PeerBuild() => new OtpUri(OtpNet.OtpType.Totp, Key, "alice@example.com", "Callroute").ToString();

    [Benchmark(Description = "Callroute.Mfa, build")]
    public string Build() => ProvisioningUri.ForTotp("Callroute", "alice@example.com", _secret, Parameters).Reveal();

    [Benchmark(Description = "Callroute.Mfa, parse")]
    public int Parse()
    {
        using var secret = ProvisioningUri.Parse(_text).Secret;
        return secret.Size;
    }
}
