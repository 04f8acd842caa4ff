using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Callroute.Mfa.Otp;
using OtpNet;

namespace Callroute.Mfa.Benchmarks;

/// <summary>Decodes a secret of 20 bytes from Base32.</summary>
[MemoryDiagnoser]
public class Base32DecodeBenchmarks
{
    private static readonly string Text = Base32.Encode(RandomNumberGenerator.GetBytes(20));

    [Benchmark(Baseline = true, Description = "Otp.NET, decode")]
    public byte[] Peer() => Base32Encoding.ToBytes(Text);

    [Benchmark(Description = "Callroute.Mfa, decode")]
    public byte[] Ours() => Base32.Decode(Text);
}
