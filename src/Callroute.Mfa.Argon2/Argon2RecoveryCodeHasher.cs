using Callroute.Mfa.Recovery;
using Konscious.Security.Cryptography;

namespace Callroute.Mfa.Argon2;

/// <summary>Hashes recovery codes with the managed Argon2id of Konscious.Security.Cryptography.</summary>
/// <remarks>
/// <para>Thread-safe. Tags equal those of the reference <c>argon2</c> tool, even if the memory is not a multiple of four blocks per lane.
/// No thread waits for a hash, and a hash ends only when all its lanes have.</para>
/// <para>Konscious allocates new memory for every hash (19 MiB by default) and leaves it to the garbage collector. The garbage
/// must not pile up, so a hash first waits, a few seconds at most, until the garbage of earlier hashes is at most an eighth of
/// the managed heap. If needed, it starts a background collection for the whole process. Under constant load with a large heap, the waits
/// lower the rate of hashes, and the gate refuses more callers. The process hardly pauses longer. If the host has disabled concurrent
/// collection, each such collection pauses the process.</para>
/// <para>Most memory added, in MiB, by 200 hashes with the default parameters and a gate of 2, without and with these waits
/// (2 cores, Linux, .NET 10): concurrent workstation collector 202 → 92, server collector 168 → 112, non-concurrent
/// 105 → 53; concurrent with 500 MiB of small objects 1,026 → 206. With a small heap and a gate of g, it stays within (g + 1) × 19 MiB
/// + 64 MiB; with a large heap, add an eighth of that heap and the memory of hashes during a collection.</para>
/// </remarks>
public sealed class Argon2RecoveryCodeHasher : IRecoveryCodeHasher
{
    private const int BytesPerKibibyte = 1024;
    private const int TagSize = 32;

    private readonly Argon2Cost _cost;

    /// <summary>Creates a hasher. Older sets are checked with the settings that they were made with.</summary>
    /// <param name="memoryKib">The memory of new sets, in KiB: 8 for each lane to 65,536.</param>
    /// <param name="iterations">The passes of new sets: 1–10.</param>
    /// <param name="parallelism">The lanes of new sets: 1–4.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public Argon2RecoveryCodeHasher(
        int memoryKib = Argon2Cost.DefaultMemoryKib,
        int iterations = Argon2Cost.DefaultIterations,
        int parallelism = Argon2Cost.DefaultParallelism)
    {
        _cost = new Argon2Cost(memoryKib, iterations, parallelism);
    }

    string IRecoveryCodeHasher.CreateSettings() => Argon2Settings.Create(_cost).ToString();

    bool IRecoveryCodeHasher.IsCurrent(string settings) => Argon2Settings.TryParse(settings)?.Cost == _cost;

    async Task<byte[]> IRecoveryCodeHasher.HashAsync(byte[] input, string settings)
    {
        var parsed = Argon2Settings.Parse(settings);
        await UncollectedMemory.WaitAsync().ConfigureAwait(false);
        using var argon2 = new Argon2id(input)
        {
            Salt = parsed.Salt,
            MemorySize = parsed.Cost.MemoryKib,
            Iterations = parsed.Cost.Iterations,
            DegreeOfParallelism = parsed.Cost.Parallelism,
        };
        var tag = await argon2.GetBytesAsync(TagSize).ConfigureAwait(false);
        UncollectedMemory.Add((long)parsed.Cost.MemoryKib * BytesPerKibibyte);
        return tag;
    }
}
