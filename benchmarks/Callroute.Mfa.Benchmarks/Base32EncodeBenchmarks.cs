using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Callroute.Mfa.Otp;
using OtpNet;

namespace Callroute.Mfa.Benchmarks;

/// <summary>Encodes a secret of 20 bytes as Base32.</summary>
[MemoryDiagnoser]
public class Base32EncodeBenchmarks
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(20);

    [Benchmark(Baseline = true, Description = "Otp.NET, encode")]
    public string Peer() => Base32Encoding.ToString(Key);

    [Benchmark(Description = "Callroute.Mfa, encode")]
    public string Ours() => Base32.Encode(Key);
}
