using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Records;

/// <summary>
/// The answer to a used recovery code, for the one attempt that used it: whoever repeats code and attempt id gets it
/// again. The key is derived from both and stored nowhere, so the record alone does not open it.
/// </summary>
internal sealed record Redelivery : ExtensibleDocument
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>The size of the random nonce to seal with, in bytes.</summary>
    public const int NonceSize = 12;

    private const int KeySize = 32;
    private const int TagSize = 16;

    /// <summary>The replacement set; where none was made, the set that was active before the use.</summary>
    public required Guid SetId { get; init; }

    public required DateTimeOffset UsedAt { get; init; }

    /// <summary>Nonce, ciphertext of the replacement codes, tag.</summary>
    public required byte[] Envelope { get; init; }

    public static Redelivery Seal(RecoveryUse use, Guid setId, IReadOnlyList<RecoveryCode> codes, DateTimeOffset usedAt, ReadOnlySpan<byte> nonce)
    {
        var plaintext = codes.SelectMany(code => code.ToCanonicalBytes()).ToArray();
        var envelope = new byte[NonceSize + plaintext.Length + TagSize];
        nonce.CopyTo(envelope);
        var key = DeriveKey(use, setId);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(envelope.AsSpan(0, NonceSize), plaintext, envelope.AsSpan(NonceSize, plaintext.Length), envelope.AsSpan(^TagSize..), BindTime(usedAt));
        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(plaintext);
        return new Redelivery { SetId = setId, UsedAt = usedAt, Envelope = envelope };
    }

    /// <summary>Gives the replacement codes, or null where the attempt, the code or the time is another.</summary>
    public IReadOnlyList<RecoveryCode>? TryOpen(RecoveryUse use, DateTimeOffset now)
    {
        var isDue = now - UsedAt < Lifetime && UsedAt - now < Lifetime && Envelope.Length >= NonceSize + TagSize;
        return isDue ? Decrypt(use) : null;
    }

    private RecoveryCode[]? Decrypt(RecoveryUse use)
    {
        var plaintext = new byte[Envelope.Length - NonceSize - TagSize];
        var key = DeriveKey(use, SetId);
        try
        {
            using var aes = new AesGcm(key, TagSize);
            aes.Decrypt(Envelope.AsSpan(0, NonceSize), Envelope.AsSpan()[NonceSize..^TagSize], Envelope.AsSpan(^TagSize..), plaintext, BindTime(UsedAt));
            return [.. Enumerable.Range(0, plaintext.Length / RecoveryCode.Length)
                .Select(i => RecoveryCode.FromCanonicalBytes(plaintext.AsSpan(i * RecoveryCode.Length, RecoveryCode.Length)))];
        }
        catch (AuthenticationTagMismatchException)
        {
            // Another code or another attempt than the one that used it: a guess, which goes the ordinary way.
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    private static byte[] DeriveKey(RecoveryUse use, Guid setId)
    {
        byte[] info = [.. "callroute.mfa/redelivery/1"u8, .. setId.ToByteArray(), .. Part(use.Subject.Tenant), .. Part(use.Subject.UserId)];
        return HKDF.DeriveKey(HashAlgorithmName.SHA256, use.CanonicalCode, KeySize, salt: use.Attempt.ToBytes(), info);
    }

    // With its length before it, and -1 for none, so that no two subjects read the same.
    private static byte[] Part(string? text)
    {
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, text is null ? -1 : Encoding.UTF8.GetByteCount(text));
        return [.. length, .. Encoding.UTF8.GetBytes(text ?? string.Empty)];
    }

    private static byte[] BindTime(DateTimeOffset time)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, time.UtcTicks);
        return bytes;
    }
}
