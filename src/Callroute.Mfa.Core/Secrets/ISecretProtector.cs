namespace Callroute.Mfa.Secrets;

/// <summary>Encrypts the secrets that a record holds. There is no plaintext default: an application chooses one.</summary>
/// <remarks>
/// Implementations are thread-safe and authenticate <see cref="SecretContext.AssociatedData"/>: what was protected in
/// one context must not open in another. They may call a key service, so they are asynchronous.
/// </remarks>
public interface ISecretProtector
{
    /// <summary>Encrypts a secret under the active key.</summary>
    /// <param name="plaintext">The secret; the caller wipes it.</param>
    /// <param name="context">What the secret is for.</param>
    /// <param name="cancellationToken">Ends the wait for a key service.</param>
    /// <returns>The protected form, which names its key.</returns>
    ValueTask<byte[]> ProtectAsync(ReadOnlyMemory<byte> plaintext, SecretContext context, CancellationToken cancellationToken = default);

    /// <summary>Decrypts a secret.</summary>
    /// <param name="protectedData">What <see cref="ProtectAsync"/> returned.</param>
    /// <param name="context">The context it was protected in.</param>
    /// <param name="cancellationToken">Ends the wait for a key service.</param>
    /// <returns>The secret; the caller wipes it.</returns>
    /// <exception cref="SecretProtectionException">The key is missing, or the data does not belong to the context.</exception>
    ValueTask<byte[]> UnprotectAsync(ReadOnlyMemory<byte> protectedData, SecretContext context, CancellationToken cancellationToken = default);

    /// <summary>Tells whether the data is protected by another key than the active one.</summary>
    /// <param name="protectedData">What <see cref="ProtectAsync"/> returned.</param>
    /// <returns>True where protecting it again is due.</returns>
    bool NeedsReencryption(ReadOnlySpan<byte> protectedData);
}
