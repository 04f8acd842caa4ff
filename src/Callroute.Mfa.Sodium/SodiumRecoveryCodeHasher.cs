using Callroute.Mfa.Recovery;
using NSec.Cryptography;
using Argon2Parameters = Callroute.Mfa.Recovery.Argon2Parameters;

namespace Callroute.Mfa.Sodium;

/// <summary>Hashes recovery codes with the native Argon2id of libsodium, through NSec.Cryptography.</summary>
/// <remarks>
/// <para>Thread-safe. Writes and checks the same PHC strings as the hasher of <c>Callroute.Mfa.Argon2</c>, so one can take the
/// other's place over a store that is in use. The memory of a hash is native and freed when it ends; the garbage collector
/// sees none of it. Each hash keeps a thread of the pool busy while it runs.</para>
/// <para>libsodium knows one lane (p=1) and a salt of 16 bytes only, which is what Callroute.Mfa issues by default. A stored set
/// of another kind cannot be checked: <see cref="MfaService.VerifyAsync"/> answers <see cref="RefusalReason.Unavailable"/> with
/// the exception as its cause and charges nobody, and regenerating its codes throws. Keep the managed hasher until no such
/// set is left.</para>
/// </remarks>
public sealed class SodiumRecoveryCodeHasher : GatedRecoveryCodeHasher
{
    private const int SaltSize = 16;

    /// <summary>Makes a hasher.</summary>
    /// <param name="parameters">The parameters of new sets, with p=1; <see cref="Argon2Parameters.Default"/> where null.</param>
    /// <param name="gate">The gate; <see cref="RecoveryHashGate.Shared"/> where null.</param>
    /// <exception cref="ArgumentException">The parameters have more than one lane.</exception>
    /// <exception cref="PlatformNotSupportedException">libsodium cannot be loaded.</exception>
    public SodiumRecoveryCodeHasher(Argon2Parameters? parameters = null, RecoveryHashGate? gate = null)
        : base(parameters is null ? null : OneLane(parameters), gate)
    {
        // Loads libsodium: a host that cannot learns it at its start, not from the first user who recovers.
        _ = Algorithm(Parameters);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The parameters have more than one lane, or the salt is not of 16 bytes.</exception>
    protected override Task<byte[]> ComputeAsync(byte[] input, byte[] salt, Argon2Parameters parameters)
    {
        OneLane(parameters);
        if (salt.Length != SaltSize)
        {
            throw new ArgumentException($"Must be {SaltSize} bytes long for libsodium, was {salt.Length}.", nameof(salt));
        }

        // On a thread of the pool, as the caller's may be one that must not be kept busy for milliseconds.
        return Task.Run(() => Algorithm(parameters).DeriveBytes(input, salt, TagSize));
    }

    private static Argon2id Algorithm(Argon2Parameters parameters) => PasswordBasedKeyDerivationAlgorithm.Argon2id(new()
    {
        MemorySize = parameters.Memory,
        NumberOfPasses = parameters.Iterations,
        DegreeOfParallelism = parameters.Parallelism,
    });

    private static Argon2Parameters OneLane(Argon2Parameters parameters) => parameters.Parallelism == 1
        ? parameters
        : throw new ArgumentException($"Parallelism must be 1 for libsodium, was {parameters.Parallelism}.", nameof(parameters));
}
