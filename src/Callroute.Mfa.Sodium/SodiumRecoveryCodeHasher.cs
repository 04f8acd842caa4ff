using Callroute.Mfa.Argon2;
using Callroute.Mfa.Recovery;
using NSec.Cryptography;

namespace Callroute.Mfa.Sodium;

/// <summary>Hashes recovery codes with the native Argon2id of libsodium, through NSec.Cryptography.</summary>
/// <remarks>
/// <para>Thread-safe. Writes and reads the same settings as the hasher of <c>Callroute.Mfa.Argon2</c>, and computes the same tags, so one
/// can replace the other on an existing store. The memory of a hash is native and freed when it ends; the garbage collector does not see
/// it. Each hash keeps a thread of the pool busy while it runs.</para>
/// <para>libsodium supports only one lane (p=1) and a salt of 16 bytes. These are the defaults of Callroute.Mfa. A stored set of another
/// kind cannot be checked: <see cref="MfaService.VerifyAsync"/> returns <see cref="RefusalReason.Unavailable"/> with a
/// <see cref="NotSupportedException"/> as its cause and counts no failure. <see cref="MfaService.RegenerateRecoveryCodesAsync"/> throws
/// that exception and changes nothing. Keep the managed hasher until no such set is left.</para>
/// </remarks>
public sealed class SodiumRecoveryCodeHasher : IRecoveryCodeHasher
{
    private const int Lanes = 1;
    private const int SaltSize = 16;
    private const int TagSize = 32;

    private readonly Argon2Cost _cost;

    /// <summary>Creates a hasher. Older sets are checked with the settings that they were made with.</summary>
    /// <param name="memoryKib">The memory of new sets, in KiB: 8–65,536.</param>
    /// <param name="iterations">The passes of new sets: 1–10.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    /// <exception cref="PlatformNotSupportedException">libsodium cannot be loaded.</exception>
    public SodiumRecoveryCodeHasher(int memoryKib = Argon2Cost.DefaultMemoryKib, int iterations = Argon2Cost.DefaultIterations)
    {
        _cost = new Argon2Cost(memoryKib, iterations, Lanes);

        // Load libsodium now: a host that cannot load it fails at start, and not when the first user recovers.
        _ = Algorithm(_cost);
    }

    string IRecoveryCodeHasher.CreateSettings() => Argon2Settings.Create(_cost).ToString();

    bool IRecoveryCodeHasher.IsCurrent(string settings) => Argon2Settings.TryParse(settings)?.Cost == _cost;

    Task<byte[]> IRecoveryCodeHasher.HashAsync(byte[] input, string settings)
    {
        var parsed = Argon2Settings.Parse(settings);
        if (parsed.Cost.Parallelism != Lanes || parsed.Salt.Length != SaltSize)
        {
            throw new NotSupportedException(
                $"libsodium supports p={Lanes} and a salt of {SaltSize} bytes, "
                + $"the settings have p={parsed.Cost.Parallelism} and {parsed.Salt.Length} bytes.");
        }

        // Hash on a thread-pool thread: the caller may be on a UI or event-loop thread.
        return Task.Run(() => Algorithm(parsed.Cost).DeriveBytes(input, parsed.Salt, TagSize));
    }

    private static Argon2id Algorithm(Argon2Cost cost) => PasswordBasedKeyDerivationAlgorithm.Argon2id(new()
    {
        MemorySize = cost.MemoryKib,
        NumberOfPasses = cost.Iterations,
        DegreeOfParallelism = cost.Parallelism,
    });
}
