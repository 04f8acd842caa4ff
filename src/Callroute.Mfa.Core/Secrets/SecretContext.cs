using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Secrets;

/// <summary>Says what a protected secret is for, so that its ciphertext is worth nothing anywhere else.</summary>
/// <remarks>Immutable and thread-safe. Holds no secret.</remarks>
public sealed class SecretContext
{
    private const int FormatVersion = 1;
    private const int NumberSize = sizeof(int) + sizeof(long);
    private const int TotpSize = sizeof(int) + RandomId.Size + 4 * NumberSize;

    private SecretContext(MfaSubject subject, string purpose, ReadOnlyMemory<byte> associatedData) =>
        (Subject, Purpose, AssociatedData) = (subject, purpose, associatedData);

    /// <summary>Whose secret it is.</summary>
    public MfaSubject Subject { get; }

    /// <summary>What it is used for: <c>totp</c> or <c>receipt</c>.</summary>
    public string Purpose { get; }

    /// <summary>
    /// Everything to bind, each part with its length before it: format, purpose, tenant, user id and, for a TOTP secret,
    /// authenticator id and parameters. A protector adds its key id.
    /// </summary>
    public ReadOnlyMemory<byte> AssociatedData { get; }

    /// <summary>Makes the context of an authenticator's TOTP secret.</summary>
    /// <param name="subject">Whose authenticator it is.</param>
    /// <param name="authenticatorId">The authenticator's id.</param>
    /// <param name="parameters">The authenticator's parameters.</param>
    /// <returns>The context.</returns>
    public static SecretContext ForTotp(MfaSubject subject, Guid authenticatorId, TotpParameters parameters)
    {
        Guard.NotNull(parameters);
        var data = Begin(subject, "totp", TotpSize);
        AppendId(data, authenticatorId);
        AppendNumber(data, (long)parameters.Algorithm);
        AppendNumber(data, parameters.Digits);
        AppendNumber(data, parameters.Period.Ticks);
        AppendNumber(data, parameters.T0.UtcTicks);
        return new SecretContext(subject, "totp", data.WrittenMemory);
    }

    /// <summary>Makes the context of a receipt.</summary>
    /// <param name="subject">Who was verified.</param>
    /// <returns>The context.</returns>
    public static SecretContext ForReceipt(MfaSubject subject) =>
        new(subject, "receipt", Begin(subject, "receipt", 0).WrittenMemory);

    private static ArrayBufferWriter<byte> Begin(MfaSubject subject, string purpose, int sizeOfRest)
    {
        Guard.NotNull(subject.UserId);
        var data = new ArrayBufferWriter<byte>(2 * NumberSize + SizeOf(purpose) + SizeOf(subject.Tenant) + SizeOf(subject.UserId) + sizeOfRest);
        AppendNumber(data, FormatVersion);
        AppendText(data, purpose);
        // A subject without a tenant has one part fewer, so it equals no subject with one.
        AppendNumber(data, subject.Tenant is null ? 0 : 1);
        if (subject.Tenant is not null)
        {
            AppendText(data, subject.Tenant);
        }

        AppendText(data, subject.UserId);
        return data;
    }

    private static int SizeOf(string? text) => text is null ? 0 : sizeof(int) + Encoding.UTF8.GetByteCount(text);

    private static void AppendText(ArrayBufferWriter<byte> data, string text)
    {
        AppendLength(data, Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, data);
    }

    private static void AppendId(ArrayBufferWriter<byte> data, Guid id)
    {
        AppendLength(data, RandomId.Size);
        id.TryWriteBytes(data.GetSpan(RandomId.Size));
        data.Advance(RandomId.Size);
    }

    private static void AppendNumber(ArrayBufferWriter<byte> data, long value)
    {
        AppendLength(data, sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(data.GetSpan(sizeof(long)), value);
        data.Advance(sizeof(long));
    }

    private static void AppendLength(ArrayBufferWriter<byte> data, int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(data.GetSpan(sizeof(int)), length);
        data.Advance(sizeof(int));
    }
}
