using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Secrets;

/// <summary>
/// Creates the associated data that binds a protected secret to its use, so that the ciphertext cannot be opened for another use.
/// </summary>
/// <remarks>
/// Parts, each with its length before it: format, purpose, tenant, user id and, for a TOTP secret, authenticator id and
/// parameters. The protector adds its key id. A change of these bytes makes every stored secret unreadable.
/// </remarks>
internal static class AssociatedData
{
    private const int FormatVersion = 1;
    private const int NumberSize = sizeof(int) + sizeof(long);
    private const int TotpSize = sizeof(int) + RandomId.Size + 4 * NumberSize;

    /// <summary>For the TOTP secret of an authenticator.</summary>
    public static ReadOnlyMemory<byte> ForTotp(MfaSubject subject, Guid authenticatorId, TotpParameters parameters)
    {
        Guard.NotNull(parameters);
        var data = Begin(subject, "totp", TotpSize);
        AppendId(data, authenticatorId);
        AppendNumber(data, (long)parameters.Algorithm);
        AppendNumber(data, parameters.Digits);
        AppendNumber(data, parameters.Period.Ticks);
        AppendNumber(data, parameters.T0.UtcTicks);
        return data.WrittenMemory;
    }

    /// <summary>For a receipt.</summary>
    public static ReadOnlyMemory<byte> ForReceipt(MfaSubject subject) => Begin(subject, "receipt", 0).WrittenMemory;

    /// <summary>For the token of a known device.</summary>
    public static ReadOnlyMemory<byte> ForDevice(MfaSubject subject) => Begin(subject, "known-device", 0).WrittenMemory;

    /// <summary>For the token of a remembered browser.</summary>
    public static ReadOnlyMemory<byte> ForRememberedBrowser(MfaSubject subject, Guid bindingVersion, DateTimeOffset expiresAt)
    {
        var data = Begin(subject, "remembered-browser", sizeof(int) + RandomId.Size + NumberSize);
        AppendId(data, bindingVersion);
        AppendNumber(data, expiresAt.UtcTicks);
        return data.WrittenMemory;
    }

    /// <summary>For the key that authenticates receipts and tokens.</summary>
    public static ReadOnlyMemory<byte> ForTokenKey(MfaSubject subject) => Begin(subject, "token-key", 0).WrittenMemory;

    /// <summary>For an answer that can be repeated.</summary>
    public static ReadOnlyMemory<byte> ForAnswer(MfaSubject subject) => Begin(subject, "answer", 0).WrittenMemory;

    private static ArrayBufferWriter<byte> Begin(MfaSubject subject, string purpose, int sizeOfRest)
    {
        Guard.NotNull(subject.UserId);
        var sizeOfTexts = SizeOf(purpose) + SizeOf(subject.Tenant) + SizeOf(subject.UserId);
        var data = new ArrayBufferWriter<byte>(2 * NumberSize + sizeOfTexts + sizeOfRest);
        AppendNumber(data, FormatVersion);
        AppendText(data, purpose);

        // Without a tenant there is one part fewer. This number distinguishes such a subject from every subject with a tenant.
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
