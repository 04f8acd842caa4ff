namespace Callroute.Mfa.Recovery;

/// <summary>Hashes recovery codes. The algorithm is the hasher's own affair.</summary>
/// <remarks>
/// Implementations are thread-safe. <see cref="MfaService"/> bounds how many hashes run at once, see
/// <see cref="RecoveryOptions.HashConcurrency"/>. It stores one settings text with every set of codes and a tag for each code.
/// </remarks>
public interface IRecoveryCodeHasher
{
    /// <summary>Makes the settings of a new set: a new random salt, and everything else that repeating a hash takes.</summary>
    /// <returns>1–256 characters that hold no secret, such as <c>$argon2id$v=19$m=19456,t=2,p=1$salt</c>.</returns>
    string CreateSettings();

    /// <summary>Hashes one code.</summary>
    /// <param name="input">
    /// The code in its canonical form, or its HMAC under a pepper. The caller wipes it afterwards: keep no copy.
    /// </param>
    /// <param name="settings">
    /// What <see cref="CreateSettings"/> of this hasher or another one returned, as the store gave it back: 1–256 characters that may
    /// have been altered.
    /// </param>
    /// <returns>A task that completes when the hash uses no more memory or processor, with a tag of 16–64 bytes.</returns>
    /// <exception cref="NotSupportedException">
    /// The hasher cannot read the settings, does not support them, or they cost more than it allows. It checks this before it allocates.
    /// <see cref="MfaService.VerifyAsync"/> then answers <see cref="RefusalReason.Unavailable"/> and counts no failure.
    /// </exception>
    Task<byte[]> HashAsync(byte[] input, string settings);
}
