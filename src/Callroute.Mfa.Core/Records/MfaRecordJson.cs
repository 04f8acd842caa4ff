using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Records;

/// <summary>Writes records as UTF-8 JSON and reads them back.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters =
    [
        typeof(JsonStringEnumConverter<OtpAlgorithm>), typeof(JsonStringEnumConverter<MfaMethod>),
        typeof(JsonStringEnumConverter<DeviceGroup>),
    ])]
[JsonSerializable(typeof(MfaRecord), TypeInfoPropertyName = "Document")]
[JsonSerializable(typeof(MfaEvent), TypeInfoPropertyName = "Event")]
[JsonSerializable(typeof(RecordOwner), TypeInfoPropertyName = "Owner")]
internal sealed partial class MfaRecordJson : JsonSerializerContext
{
    /// <summary>The maximum size of a document that is read. The largest possible record is much smaller.</summary>
    private const int MaximumSize = 256 * 1024;

    public static byte[] Write(MfaRecord record) => JsonSerializer.SerializeToUtf8Bytes(record, Default.Document);

    public static void WriteEvent(Utf8JsonWriter writer, MfaEvent happened) => JsonSerializer.Serialize(writer, happened, Default.Event);

    /// <exception cref="InvalidDataException">The document is not a record in a known format.</exception>
    /// <exception cref="InvalidOperationException">The record belongs to another subject.</exception>
    public static MfaRecord Read(ReadOnlyMemory<byte> document, MfaSubject subject)
    {
        if (document.Length > MaximumSize)
        {
            throw new InvalidDataException($"The document has more than {MaximumSize} bytes.");
        }

        if (TryParse(document.Span, Default.Document) is not { } record)
        {
            if (TryParse(document.Span, Default.Owner) is { UserId: { } userId } owner)
            {
                RefuseOther(userId, owner.Tenant, subject);
            }

            throw new InvalidDataException("The document is not an MFA record.");
        }

        RefuseOther(record.UserId, record.Tenant, subject);
        if (record.Authenticators.Contains(null!) || record.SpentAttempts.Contains(null!)
            || record.RememberedBrowsers?.Contains(null!) == true)
        {
            throw new InvalidDataException("The record has an empty element.");
        }

        return record.Format is >= 1 and <= MfaRecord.CurrentFormat
            ? record with { Events = record.Events.In(document) }
            : throw new InvalidDataException(
                $"The record has format {record.Format}; this version reads formats 1–{MfaRecord.CurrentFormat}.");
    }

    /// <returns>The event; null if the JSON is not an event.</returns>
    public static MfaEvent? TryReadEvent(ReadOnlySpan<byte> json) => TryParse(json, Default.Event);

    // A store that ignores case or trims ids could return the record of another user. Check this before anything else: a reset overwrites
    // a record that cannot be read, and must not overwrite the other user's, which a newer version may have written.
    private static void RefuseOther(string userId, string? tenant, MfaSubject subject)
    {
        if (userId != subject.UserId || tenant != subject.Tenant)
        {
            throw new InvalidOperationException("The store returned the record of another subject.");
        }
    }

    private static T? TryParse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            // The exception's message may quote the document, so do not pass it on.
            return null;
        }
    }
}
