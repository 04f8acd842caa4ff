using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>Encrypts with AES-GCM and the same associated data for every user: a ciphertext can be opened in any row.</summary>
internal sealed class UnboundProtector(ISecretProtector inner) : ISecretProtector
{
    private static readonly byte[] Same = [0];

    public ValueTask<byte[]> ProtectAsync(
        ReadOnlyMemory<byte> plaintext, ReadOnlyMemory<byte> associatedData, CancellationToken cancellationToken = default) =>
        inner.ProtectAsync(plaintext, Same, cancellationToken);

    public ValueTask<byte[]> UnprotectAsync(
        ReadOnlyMemory<byte> protectedData, ReadOnlyMemory<byte> associatedData, CancellationToken cancellationToken = default) =>
        inner.UnprotectAsync(protectedData, Same, cancellationToken);

    public bool NeedsReencryption(ReadOnlySpan<byte> protectedData) => inner.NeedsReencryption(protectedData);
}
