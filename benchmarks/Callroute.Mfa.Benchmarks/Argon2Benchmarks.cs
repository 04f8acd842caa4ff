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

    private static readonly byte[] Code = "0123456789ABCDEFGHJKMNPQ"u8.ToArray();
    private static readonly byte[] Salt = "sixteen bytes :)"u8.ToArray();

    private readonly Argon2RecoveryCodeHasher _managed = new();
    private readonly SodiumRecoveryCodeHasher _sodium = new();

    [Benchmark(Baseline = true, Description = "Konscious alone")]
    public async Task<byte[]> Konscious()
    {
        using var argon2 = new Argon2id(Code)
        {
            Salt = Salt,
            MemorySize = Argon2Parameters.Default.Memory,
            Iterations = Argon2Parameters.Default.Iterations,
            DegreeOfParallelism = Argon2Parameters.Default.Parallelism,
        };
        return await argon2.GetBytesAsync(TagSize);
    }

    [Benchmark(Description = "Callroute.Mfa.Argon2")]
    public Task<byte[]> Managed() => HashAsync(_managed);

    [Benchmark(Description = "Callroute.Mfa.Sodium")]
    public Task<byte[]> Sodium() => HashAsync(_sodium);

    private static async Task<byte[]> HashAsync(IRecoveryCodeHasher hasher)
    {
        using var permit = await hasher.TryEnterAsync();
        return await permit!.HashAsync(Code, Salt, hasher.Parameters);
    }
}
