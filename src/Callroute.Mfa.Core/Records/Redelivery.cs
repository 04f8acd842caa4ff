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

    private const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    /// <summary>The set that is current after the use: the replacement, or what is left.</summary>
    public required Guid Generation { get; init; }

    public required DateTimeOffset UsedAt { get; init; }

    /// <summary>Nonce, ciphertext of the replacement codes, tag.</summary>
    public required byte[] Envelope { get; init; }

    public static Redelivery Seal(RecoveryUse use, Guid generation, IReadOnlyList<RecoveryCode> codes, DateTimeOffset usedAt)
    {
        var plaintext = codes.SelectMany(code => code.ToCanonicalBytes()).ToArray();
        var envelope = new byte[NonceSize + plaintext.Length + TagSize];
        RandomNumberGenerator.Fill(envelope.AsSpan(0, NonceSize));
        var key = DeriveKey(use, generation);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(envelope.AsSpan(0, NonceSize), plaintext, envelope.AsSpan(NonceSize, plaintext.Length), envelope.AsSpan(^TagSize..), BindTime(usedAt));
        CryptographicOperations.ZeroMemory(key);
        CryptographicOperations.ZeroMemory(plaintext);
        return new Redelivery { Generation = generation, UsedAt = usedAt, Envelope = envelope };
    }

    /// <summary>Gives the replacement codes, or null where the attempt, the code or the time is another.</summary>
    public IssuedRecoveryCodes? TryOpen(RecoveryUse use, DateTimeOffset now)
    {
        var isDue = now - UsedAt < Lifetime && UsedAt - now < Lifetime && Envelope.Length >= NonceSize + TagSize;
        return isDue ? Decrypt(use) : null;
    }

    private IssuedRecoveryCodes? Decrypt(RecoveryUse use)
    {
        var plaintext = new byte[Envelope.Length - NonceSize - TagSize];
        var key = DeriveKey(use, Generation);
        try
        {
            using var aes = new AesGcm(key, TagSize);
            aes.Decrypt(Envelope.AsSpan(0, NonceSize), Envelope.AsSpan()[NonceSize..^TagSize], Envelope.AsSpan(^TagSize..), plaintext, BindTime(UsedAt));
            var codes = plaintext.Chunk(RecoveryCode.Length).Select(code => RecoveryCode.FromCanonicalBytes(code));
            return new IssuedRecoveryCodes(Generation, [.. codes]);
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

    private static byte[] DeriveKey(RecoveryUse use, Guid generation)
    {
        byte[] info = [.. "callroute.mfa/redelivery/1"u8, .. generation.ToByteArray(), .. Part(use.Subject.Tenant), .. Part(use.Subject.UserId)];
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
