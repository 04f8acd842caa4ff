using BenchmarkDotNet.Attributes;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Sodium;
using Konscious.Security.Cryptography;

namespace Callroute.Mfa.Benchmarks;

/// <summary>Hashes of a recovery code at m=19456 KiB, t=2, p=1, one after the other.</summary>
[MemoryDiagnoser]
public class Argon2Benchmarks
{
    private const int TagSize = 32;
    private const string Settings = "$argon2id$v=19$m=19456,t=2,p=1$c2l4dGVlbiBieXRlcyA6KQ";

    private static readonly byte[] Code = "0123456789ABCDEFGHJKMNPQ"u8.ToArray();
    private static readonly byte[] Salt = "sixteen bytes :)"u8.ToArray();

    private readonly IRecoveryCodeHasher _managed = new Argon2RecoveryCodeHasher();
    private readonly IRecoveryCodeHasher _sodium = new SodiumRecoveryCodeHasher();

    [Benchmark(Baseline = true, Description = "Konscious alone")]
    public async Task<byte[]> Konscious()
    {
        using var argon2 = new Argon2id(Code)
        {
            Salt = Salt,
            MemorySize = 19_456,
            Iterations = 2,
            DegreeOfParallelism = 1,
        };
        return await argon2.GetBytesAsync(TagSize);
    }

    [Benchmark(Description = "Callroute.Mfa.Argon2")]
    public Task<byte[]> Managed() => _managed.HashAsync(Code, Settings);

    [Benchmark(Description = "Callroute.Mfa.Sodium")]
    public Task<byte[]> Sodium() => _sodium.HashAsync(Code, Settings);
}
