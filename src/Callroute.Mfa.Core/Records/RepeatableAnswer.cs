using System.Buffers.Binary;
using System.Security.Cryptography;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Records;

/// <summary>
/// The answer to an accepted code or a confirmed enrolment, so that a retry of the same request gets the same answer. Recovery codes in it
/// are encrypted. The key is derived from the code and the id of the request and is not stored, so the record alone cannot open it.
/// </summary>
internal sealed record RepeatableAnswer : ExtensibleDocument
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>The size of the random nonce, in bytes.</summary>
    public const int NonceSize = 12;

    private const int KeySize = 32;
    private const int TagSize = 16;

    /// <summary>The fingerprint of the attempt; of the enrolment's id if an enrolment was confirmed.</summary>
    public required byte[] Fingerprint { get; init; }

    /// <summary>The active set after the use or the confirmation; empty if there was none, and after a code of an app.</summary>
    public Guid SetId { get; init; }

    public required DateTimeOffset UsedAt { get; init; }

    /// <summary>The group of devices that the code was used on.</summary>
    public DeviceGroup Devices { get; init; }

    /// <summary>The authenticator that the enrolment bound, or whose code was accepted; null after a recovery code.</summary>
    public Guid? AuthenticatorId { get; init; }

    /// <summary>The tries that the confirmed enrolment had left. Wrong codes use them up, and with them the answer.</summary>
    public int TriesLeft { get; init; }

    /// <summary>
    /// Nonce, ciphertext of the codes, tag; in the record, all of it encrypted once more by the protector. Empty after a code of an app.
    /// </summary>
    public byte[] Envelope { get; init; } = [];

    public bool IsOpen(DateTimeOffset now) => (now - UsedAt).Duration() < Lifetime;

    /// <summary>Whether it answers the request with this id, and its lifetime is not over.</summary>
    public bool IsFor(AttemptId id, DateTimeOffset now) => IsOpen(now) && FixedTime.AreEqual(Fingerprint, id.Fingerprint());

    /// <summary>Whether it answers the confirmation of this enrolment, and its lifetime is not over.</summary>
    public bool IsOfEnrollment(Guid enrollmentId, DateTimeOffset now) =>
        AuthenticatorId is not null && Envelope.Length > 0 && IsFor(AttemptId.Of(enrollmentId), now);

    public static RepeatableAnswer Seal(
        MfaSubject subject,
        byte[] canonicalCode,
        AttemptId id,
        Guid setId,
        IReadOnlyList<RecoveryCode> codes,
        DateTimeOffset usedAt,
        ReadOnlySpan<byte> nonce)
    {
        var plaintext = PinnedBytes.Create(codes.Count * RecoveryCode.Length);
        for (var i = 0; i < codes.Count; i++)
        {
            codes[i].CopyCanonicalTo(plaintext.AsSpan(i * RecoveryCode.Length));
        }

        var envelope = new byte[NonceSize + plaintext.Length + TagSize];
        nonce.CopyTo(envelope);
        var key = DeriveKey(subject, canonicalCode, id, setId);
        try
        {
            using var aes = new AesGcm(key, TagSize);
            aes.Encrypt(
                envelope.AsSpan(0, NonceSize),
                plaintext,
                envelope.AsSpan(NonceSize, plaintext.Length),
                envelope.AsSpan(^TagSize..),
                BindTime(usedAt));
            return new RepeatableAnswer { Fingerprint = id.Fingerprint(), SetId = setId, UsedAt = usedAt, Envelope = envelope };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    /// <returns>The codes; null if the subject, the code or the id differs.</returns>
    public IReadOnlyList<RecoveryCode>? TryOpen(MfaSubject subject, byte[] canonicalCode, AttemptId id) =>
        Envelope.Length >= NonceSize + TagSize ? Decrypt(DeriveKey(subject, canonicalCode, id, SetId)) : null;

    private RecoveryCode[]? Decrypt(byte[] key)
    {
        var plaintext = PinnedBytes.Create(Envelope.Length - NonceSize - TagSize);
        try
        {
            using var aes = new AesGcm(key, TagSize);
            aes.Decrypt(
                Envelope.AsSpan(0, NonceSize),
                Envelope.AsSpan()[NonceSize..^TagSize],
                Envelope.AsSpan(^TagSize..),
                plaintext,
                BindTime(UsedAt));
            return [.. Enumerable.Range(0, plaintext.Length / RecoveryCode.Length)
                .Select(i => RecoveryCode.FromCanonicalBytes(plaintext.AsSpan(i * RecoveryCode.Length, RecoveryCode.Length)))];
        }
        catch (AuthenticationTagMismatchException)
        {
            // The code or the attempt is not the one that was used. The caller then checks the code as usual.
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    private static byte[] DeriveKey(MfaSubject subject, byte[] canonicalCode, AttemptId id, Guid setId)
    {
        byte[] info = [.. AssociatedData.ForAnswer(subject).Span, .. setId.ToByteArray()];
        return HKDF.DeriveKey(HashAlgorithmName.SHA256, canonicalCode, KeySize, salt: id.ToBytes(), info);
    }

    private static byte[] BindTime(DateTimeOffset time)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, time.UtcTicks);
        return bytes;
    }
}
