using System.Security.Cryptography;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

/// <summary>Encrypts with AES-GCM without associated data: a ciphertext opens in any row.</summary>
internal sealed class UnboundProtector : ISecretProtector
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public ValueTask<byte[]> ProtectAsync(
        ReadOnlyMemory<byte> plaintext, ReadOnlyMemory<byte> associatedData, CancellationToken cancellationToken = default)
    {
        var envelope = new byte[NonceSize + plaintext.Length + TagSize];
        RandomNumberGenerator.Fill(envelope.AsSpan(0, NonceSize));
        using var aes = new AesGcm(_key, TagSize);
        var ciphertext = envelope.AsSpan(NonceSize, plaintext.Length);
        aes.Encrypt(envelope.AsSpan(0, NonceSize), plaintext.Span, ciphertext, envelope.AsSpan(^TagSize..));
        return new(envelope);
    }

    public ValueTask<byte[]> UnprotectAsync(
        ReadOnlyMemory<byte> protectedData, ReadOnlyMemory<byte> associatedData, CancellationToken cancellationToken = default)
    {
        var envelope = protectedData.Span;
        var plaintext = new byte[envelope.Length - NonceSize - TagSize];
        using var aes = new AesGcm(_key, TagSize);
        aes.Decrypt(envelope[..NonceSize], envelope[NonceSize..^TagSize], envelope[^TagSize..], plaintext);
        return new(plaintext);
    }

    public bool NeedsReencryption(ReadOnlySpan<byte> protectedData) => false;
}
