using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Records;

/// <summary>Writes records as UTF-8 JSON and reads them back.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(JsonStringEnumConverter<OtpAlgorithm>), typeof(JsonStringEnumConverter<MfaMethod>)])]
[JsonSerializable(typeof(MfaRecord), TypeInfoPropertyName = "Document")]
[JsonSerializable(typeof(MfaEvent), TypeInfoPropertyName = "Event")]
internal sealed partial class MfaRecordJson : JsonSerializerContext
{
    public static byte[] Write(MfaRecord record) => JsonSerializer.SerializeToUtf8Bytes(record, Default.Document);

    public static byte[] WriteEvent(MfaEvent happened) => JsonSerializer.SerializeToUtf8Bytes(happened, Default.Event);

    /// <exception cref="InvalidDataException">The document is not a record of this subject in a format that is known.</exception>
    public static MfaRecord Read(ReadOnlyMemory<byte> document, MfaSubject subject)
    {
        var record = Parse(document.Span, Default.Document);
        if (record.Format is < 1 or > MfaRecord.CurrentFormat)
        {
            throw new InvalidDataException($"The record has format {record.Format}; this version reads formats 1–{MfaRecord.CurrentFormat}.");
        }

        // A store that folds case or trims would hand one user another's record.
        return record.Subject == subject
            ? record with { Events = record.Events.In(document) }
            : throw new InvalidDataException("The store returned the record of another subject.");
    }

    /// <exception cref="InvalidDataException">The JSON is not an event.</exception>
    public static MfaEvent ReadEvent(ReadOnlySpan<byte> json) => Parse(json, Default.Event);

    private static T Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new InvalidDataException("The document is empty.");
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            // The inner exception's message may quote the document, so it stays out.
            throw new InvalidDataException($"The document is not an MFA record ({exception.GetType().Name}).");
        }
    }
}
