using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Callroute.Mfa.Secrets;

/// <summary>Protects secrets with AES-256-GCM under the keys of a ring.</summary>
/// <remarks>
/// Thread-safe. Every encryption has a random 96-bit nonce and a 128-bit tag; NIST SP 800-38D §8.3 allows 2^32 encryptions per key. The
/// form is: version (1 byte), length of the key id (1 byte), key id, nonce, ciphertext, tag. The key id and the whole associated data are
/// authenticated. A secret is at most 4,096 bytes long.
/// </remarks>
public sealed class AesGcmSecretProtector : ISecretProtector
{
    private const byte EnvelopeVersion = 1;
    private const int FixedHeaderSize = 2;
    private const int NonceSize = 12;
    private const int TagSize = RingKey.TagSize;
    private const int MaximumPlaintextSize = 4096;
    private const int MaximumAssociatedDataSize = 4096;
    private const int MaximumEnvelopeSize = FixedHeaderSize + KeyRing.MaximumIdLength + NonceSize + MaximumPlaintextSize + TagSize;

    // Enough for a subject of about 100 characters. Longer associated data goes to the heap.
    private const int SizeOnStack = 256;

    private readonly KeyRing _keys;

    /// <summary>Creates a protector.</summary>
    /// <param name="keys">The keys. After the ring is disposed, the protector throws <see cref="ObjectDisposedException"/>.</param>
    public AesGcmSecretProtector(KeyRing keys) => _keys = Guard.NotNull(keys);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// The secret is longer than 4,096 bytes, or the associated data is not 1–4,096 bytes long.
    /// </exception>
    ValueTask<byte[]> ISecretProtector.ProtectAsync(
        ReadOnlyMemory<byte> plaintext, ReadOnlyMemory<byte> associatedData, CancellationToken cancellationToken)
    {
        Guard.Length(plaintext.Length, 0, MaximumPlaintextSize, "bytes", nameof(plaintext));
        Guard.Length(associatedData.Length, 1, MaximumAssociatedDataSize, "bytes", nameof(associatedData));
        return new(Seal(plaintext.Span, associatedData.Span));
    }

    /// <inheritdoc/>
    ValueTask<byte[]> ISecretProtector.UnprotectAsync(
        ReadOnlyMemory<byte> protectedData, ReadOnlyMemory<byte> associatedData, CancellationToken cancellationToken)
    {
        Guard.Length(associatedData.Length, 1, MaximumAssociatedDataSize, "bytes", nameof(associatedData));
        return new(Open(protectedData.Span, associatedData.Span));
    }

    /// <inheritdoc/>
    bool ISecretProtector.NeedsReencryption(ReadOnlySpan<byte> protectedData) =>
        !Ascii.Equals(ReadKeyId(protectedData), _keys.ActiveKeyId);

    private byte[] Seal(ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData)
    {
        var keyId = _keys.ActiveKeyId;
        var key = _keys.Find(keyId)!;
        var headerSize = FixedHeaderSize + keyId.Length;
        var envelope = new byte[headerSize + NonceSize + plaintext.Length + TagSize];
        envelope[0] = EnvelopeVersion;
        envelope[1] = (byte)Encoding.ASCII.GetBytes(keyId, envelope.AsSpan(FixedHeaderSize));
        var nonce = envelope.AsSpan(headerSize, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        var ciphertext = envelope.AsSpan(headerSize + NonceSize, plaintext.Length);
        var bound = BindKey(associatedData, envelope.AsSpan(0, headerSize), stackalloc byte[SizeOnStack]);
        using var cipher = key.CreateCipher();
        cipher.Encrypt(nonce, plaintext, ciphertext, envelope.AsSpan(^TagSize..), bound);
        return envelope;
    }

    private byte[] Open(ReadOnlySpan<byte> envelope, ReadOnlySpan<byte> associatedData)
    {
        var keyId = ReadKeyId(envelope);
        if (keyId.IsEmpty)
        {
            throw new SecretProtectionException("The protected data has an unknown form.");
        }

        var key = _keys.Find(Encoding.ASCII.GetString(keyId))
            ?? throw new SecretProtectionException("The key that the data was protected with is not in the ring.");
        var headerSize = FixedHeaderSize + keyId.Length;
        var nonce = envelope.Slice(headerSize, NonceSize);
        var ciphertext = envelope[(headerSize + NonceSize)..^TagSize];
        var bound = BindKey(associatedData, envelope[..headerSize], stackalloc byte[SizeOnStack]);
        return Decrypt(key, nonce, ciphertext, envelope[^TagSize..], bound);
    }

    private static byte[] Decrypt(
        RingKey key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> bound)
    {
        using var cipher = key.CreateCipher();
        var plaintext = PinnedBytes.Create(ciphertext.Length);
        try
        {
            cipher.Decrypt(nonce, ciphertext, tag, plaintext, bound);
            return plaintext;
        }
        catch (Exception exception)
        {
            CryptographicOperations.ZeroMemory(plaintext);
            if (exception is AuthenticationTagMismatchException)
            {
                throw new SecretProtectionException(
                    "The key of that name in the ring is not the one that protected the data, or the data was altered or moved.",
                    exception);
            }

            throw;
        }
    }

    // Appends the header, which names the key, as another part. The length of the header stands before it.
    private static ReadOnlySpan<byte> BindKey(ReadOnlySpan<byte> data, ReadOnlySpan<byte> header, Span<byte> buffer)
    {
        var size = data.Length + sizeof(int) + header.Length;
        var bound = size <= buffer.Length ? buffer[..size] : new byte[size];
        data.CopyTo(bound);
        BinaryPrimitives.WriteInt32BigEndian(bound[data.Length..], header.Length);
        header.CopyTo(bound[(data.Length + sizeof(int))..]);
        return bound;
    }

    // Returns an empty id if the data has an unknown form.
    private static ReadOnlySpan<byte> ReadKeyId(ReadOnlySpan<byte> envelope)
    {
        var hasForm = envelope.Length is >= FixedHeaderSize and <= MaximumEnvelopeSize
            && envelope[0] == EnvelopeVersion
            && envelope[1] is >= 1 and <= KeyRing.MaximumIdLength
            && envelope.Length >= FixedHeaderSize + envelope[1] + NonceSize + TagSize;
        return hasForm ? envelope.Slice(FixedHeaderSize, envelope[1]) : default;
    }
}
