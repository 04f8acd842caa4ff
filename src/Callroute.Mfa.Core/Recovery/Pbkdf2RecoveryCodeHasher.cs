using System.Security.Cryptography;

namespace Callroute.Mfa.Recovery;

/// <summary>
/// Hashes recovery codes with the platform's PBKDF2-HMAC-SHA-512 (NIST SP 800-132), for hosts that may use only algorithms that FIPS 140
/// approves. Argon2id costs an attacker more, so use it where you may.
/// </summary>
/// <remarks>
/// Thread-safe. It cannot check sets that Argon2id has hashed, nor the other way round: a recovery then answers
/// <see cref="RefusalReason.Unavailable"/> and counts no failure. So choose one of them before the first user enrols. Each hash keeps a
/// thread of the pool busy while it runs.
/// </remarks>
public sealed class Pbkdf2RecoveryCodeHasher : IRecoveryCodeHasher
{
    private readonly int _iterations;

    /// <summary>Creates a hasher. Older sets are checked with the iterations that they were made with.</summary>
    /// <param name="iterations">The iterations of new sets: 1,000–1,000,000; the default is what OWASP recommends.</param>
    /// <exception cref="ArgumentOutOfRangeException">The iterations are outside their range.</exception>
    public Pbkdf2RecoveryCodeHasher(int iterations = Pbkdf2Settings.DefaultIterations) =>
        _iterations = Guard.InRange(
            iterations, Pbkdf2Settings.MinimumIterations, Pbkdf2Settings.MaximumIterations, nameof(iterations));

    string IRecoveryCodeHasher.CreateSettings() => Pbkdf2Settings.Create(_iterations).ToString();

    bool IRecoveryCodeHasher.IsCurrent(string settings) => Pbkdf2Settings.TryParse(settings)?.Iterations == _iterations;

    Task<byte[]> IRecoveryCodeHasher.HashAsync(byte[] input, string settings)
    {
        var parsed = Pbkdf2Settings.TryParse(settings)
            ?? throw new NotSupportedException("The settings are not those of PBKDF2 in their canonical form, or above the cap.");

        // Hash on a thread-pool thread: the caller may be on a UI or event-loop thread.
        return Task.Run(() => Rfc2898DeriveBytes.Pbkdf2(
            input, parsed.Salt, parsed.Iterations, HashAlgorithmName.SHA512, Pbkdf2Settings.TagSize));
    }
}
