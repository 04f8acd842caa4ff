namespace Callroute.Mfa.Recovery;

/// <summary>Hashes recovery codes. The hasher chooses the algorithm.</summary>
/// <remarks>
/// Implementations are thread-safe. <see cref="MfaService"/> limits the number of concurrent hashes
/// (<see cref="RecoveryOptions.HashConcurrency"/>). It stores one settings text with every set of codes and a tag for each code.
/// </remarks>
public interface IRecoveryCodeHasher
{
    /// <summary>Creates the settings of a new set: a new random salt, and all other data that is needed to repeat a hash.</summary>
    /// <returns>1–256 characters that hold no secret, such as <c>$argon2id$v=19$m=19456,t=2,p=1$salt</c>.</returns>
    string CreateSettings();

    /// <summary>Returns whether new sets would get these settings, apart from the salt.</summary>
    /// <param name="settings">As in <see cref="HashAsync"/>.</param>
    /// <returns>False for settings of another cost or algorithm, and for text that the hasher cannot read.</returns>
    bool IsCurrent(string settings);

    /// <summary>Hashes one code.</summary>
    /// <param name="input">
    /// The code in its canonical form, or its HMAC under a pepper. The caller wipes it afterwards: do not keep a copy.
    /// </param>
    /// <param name="settings">
    /// The text that <see cref="CreateSettings"/> of this hasher or another one returned: 1–256 characters. It comes from the store,
    /// so it may have been altered.
    /// </param>
    /// <returns>A tag of 16–64 bytes. The task completes only when the hash no longer uses memory or a processor.</returns>
    /// <exception cref="NotSupportedException">
    /// The hasher cannot read the settings, does not support them, or they cost more than it allows. It checks this before it allocates.
    /// <see cref="MfaService.VerifyAsync"/> then answers <see cref="RefusalReason.Unavailable"/> and counts no failure.
    /// </exception>
    Task<byte[]> HashAsync(byte[] input, string settings);
}
