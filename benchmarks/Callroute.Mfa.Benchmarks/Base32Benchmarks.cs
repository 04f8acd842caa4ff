using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Callroute.Mfa.Secrets;
using OtpNet;

namespace Callroute.Mfa.Benchmarks;

/// <summary>A secret of 20 bytes to Base32 and back.</summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkDotNet.Configs.BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class Base32Benchmarks
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(20);
    private static readonly string Text = Base32.Encode(Key);

    [BenchmarkCategory("encode")]
    [Benchmark(Baseline = true, Description = "Otp.NET, encode")]
    public string PeerEncode() => Base32Encoding.ToString(Key);

    [BenchmarkCategory("encode")]
    [Benchmark(Description = "Callroute.Mfa, encode")]
    public string OursEncode() => Base32.Encode(Key);

    [BenchmarkCategory("decode")]
    [Benchmark(Baseline = true, Description = "Otp.NET, decode")]
    public byte[] PeerDecode() => Base32Encoding.ToBytes(Text);

    [BenchmarkCategory("decode")]
    [Benchmark(Description = "Callroute.Mfa, decode")]
    public byte[] OursDecode() => Base32.Decode(Text);
}
