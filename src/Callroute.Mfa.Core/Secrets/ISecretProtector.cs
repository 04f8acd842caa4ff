namespace Callroute.Mfa.Secrets;

/// <summary>Encrypts the secrets that a record holds. There is no plaintext default: the application chooses a protector.</summary>
/// <remarks>
/// Implementations are thread-safe. They authenticate the associated data: data that was protected with one value must not open with
/// another. The associated data is opaque: 1–4,096 bytes, not secret. The methods are asynchronous so that an implementation can call a key
/// service.
/// </remarks>
public interface ISecretProtector
{
    /// <summary>Encrypts a secret under the active key.</summary>
    /// <param name="plaintext">The secret; the caller wipes it.</param>
    /// <param name="associatedData">
    /// Bytes that identify the use of the secret: purpose, tenant, user and, for a TOTP secret, authenticator and parameters.
    /// </param>
    /// <param name="cancellationToken">Ends the wait for a key service.</param>
    /// <returns>The protected form, which names its key.</returns>
    ValueTask<byte[]> ProtectAsync(
        ReadOnlyMemory<byte> plaintext, ReadOnlyMemory<byte> associatedData, CancellationToken cancellationToken = default);

    /// <summary>Decrypts a secret.</summary>
    /// <param name="protectedData">The data that <see cref="ProtectAsync"/> returned.</param>
    /// <param name="associatedData">The associated data it was protected with.</param>
    /// <param name="cancellationToken">Ends the wait for a key service.</param>
    /// <returns>The secret; the caller wipes it.</returns>
    /// <exception cref="SecretProtectionException">
    /// The key is missing, or the data was altered or protected with other associated data.
    /// </exception>
    ValueTask<byte[]> UnprotectAsync(
        ReadOnlyMemory<byte> protectedData, ReadOnlyMemory<byte> associatedData, CancellationToken cancellationToken = default);

    /// <summary>Returns whether the data is protected with a key other than the active one.</summary>
    /// <param name="protectedData">The data that <see cref="ProtectAsync"/> returned.</param>
    /// <returns>True if the data should be protected again. True for data of an unknown form.</returns>
    bool NeedsReencryption(ReadOnlySpan<byte> protectedData);
}
