using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Callroute.Mfa.Secrets;

/// <summary>Protects secrets with AES-256-GCM under the keys of a ring.</summary>
/// <remarks>
/// Thread-safe. Every encryption has a random 96-bit nonce and a 128-bit tag; NIST SP 800-38D §8.3 allows 2^32
/// encryptions a key. The form is: version (1 byte), length of the key id (1 byte), key id, nonce, ciphertext, tag.
/// The key id and the whole <see cref="SecretContext.AssociatedData"/> are authenticated.
/// </remarks>
public sealed class AesGcmSecretProtector : ISecretProtector
{
    private const byte EnvelopeVersion = 1;
    private const int HeaderSize = 2;
    private const int NonceSize = 12;
    private const int TagSize = RingKey.TagSize;
    private const int MaximumPlaintextSize = 4096;

    // Enough for a subject of a hundred characters; more goes to the heap.
    private const int SizeOnStack = 256;

    private readonly KeyRing _keys;

    /// <summary>Makes a protector.</summary>
    /// <param name="keys">The keys; the caller keeps the ring alive as long as the protector.</param>
    public AesGcmSecretProtector(KeyRing keys) => _keys = Guard.NotNull(keys);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The secret is longer than 4,096 bytes.</exception>
    public ValueTask<byte[]> ProtectAsync(ReadOnlyMemory<byte> plaintext, SecretContext context, CancellationToken cancellationToken = default)
    {
        Guard.NotNull(context);
        Guard.Length(plaintext.Length, 0, MaximumPlaintextSize, "bytes", nameof(plaintext));
        return new(Seal(plaintext.Span, context));
    }

    /// <inheritdoc/>
    public ValueTask<byte[]> UnprotectAsync(ReadOnlyMemory<byte> protectedData, SecretContext context, CancellationToken cancellationToken = default)
    {
        Guard.NotNull(context);
        return new(Open(protectedData.Span, context));
    }

    /// <inheritdoc/>
    public bool NeedsReencryption(ReadOnlySpan<byte> protectedData) =>
        !Ascii.Equals(ReadKeyId(protectedData), _keys.ActiveKeyId);

    private byte[] Seal(ReadOnlySpan<byte> plaintext, SecretContext context)
    {
        var keyId = _keys.ActiveKeyId;
        var key = _keys.Find(keyId) ?? throw new SecretProtectionException("The key ring was disposed.");
        var body = HeaderSize + keyId.Length;
        var envelope = new byte[body + NonceSize + plaintext.Length + TagSize];
        envelope[0] = EnvelopeVersion;
        envelope[1] = (byte)Encoding.ASCII.GetBytes(keyId, envelope.AsSpan(HeaderSize));
        var nonce = envelope.AsSpan(body, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        var cipher = key.RentCipher();
        cipher.Encrypt(nonce, plaintext, envelope.AsSpan(body + NonceSize, plaintext.Length), envelope.AsSpan(^TagSize..), BindKey(context, envelope.AsSpan(0, body), stackalloc byte[SizeOnStack]));
        key.ReturnCipher(cipher);
        return envelope;
    }

    private byte[] Open(ReadOnlySpan<byte> envelope, SecretContext context)
    {
        var keyId = ReadKeyId(envelope);
        if (keyId.IsEmpty)
        {
            throw new SecretProtectionException("The protected data has an unknown form.");
        }

        var key = _keys.Find(Encoding.ASCII.GetString(keyId)) ?? throw new SecretProtectionException("The key that the data was protected with is not in the ring.");
        var body = HeaderSize + keyId.Length;
        var plaintext = new byte[envelope.Length - body - NonceSize - TagSize];
        var cipher = key.RentCipher();
        try
        {
            cipher.Decrypt(envelope.Slice(body, NonceSize), envelope[(body + NonceSize)..^TagSize], envelope[^TagSize..], plaintext, BindKey(context, envelope[..body], stackalloc byte[SizeOnStack]));
        }
        catch (AuthenticationTagMismatchException exception)
        {
            cipher.Dispose();
            throw new SecretProtectionException("The key of that name in the ring is not the one that protected the data, or the data was altered or belongs to another context.", exception);
        }

        key.ReturnCipher(cipher);
        return plaintext;
    }

    // One more part after those of the context, in the same form.
    private static ReadOnlySpan<byte> BindKey(SecretContext context, ReadOnlySpan<byte> header, Span<byte> buffer)
    {
        var data = context.AssociatedData.Span;
        var size = data.Length + sizeof(int) + header.Length;
        var bound = size <= buffer.Length ? buffer[..size] : new byte[size];
        data.CopyTo(bound);
        BinaryPrimitives.WriteInt32BigEndian(bound[data.Length..], header.Length);
        header.CopyTo(bound[(data.Length + sizeof(int))..]);
        return bound;
    }

    // Empty where the data has an unknown form.
    private static ReadOnlySpan<byte> ReadKeyId(ReadOnlySpan<byte> envelope)
    {
        var hasForm = envelope.Length is >= HeaderSize and <= HeaderSize + KeyRing.MaximumIdLength + NonceSize + MaximumPlaintextSize + TagSize
            && envelope[0] == EnvelopeVersion
            && envelope[1] is >= 1 and <= KeyRing.MaximumIdLength
            && envelope.Length >= HeaderSize + envelope[1] + NonceSize + TagSize;
        return hasForm ? envelope.Slice(HeaderSize, envelope[1]) : default;
    }
}
