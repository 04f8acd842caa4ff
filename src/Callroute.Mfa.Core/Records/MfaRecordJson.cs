using System.Text.Json;
using System.Text.Json.Serialization;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Records;

/// <summary>Writes records as UTF-8 JSON and reads them back.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(JsonStringEnumConverter<OtpAlgorithm>), typeof(JsonStringEnumConverter<MfaMethod>)])]
[JsonSerializable(typeof(MfaRecord), TypeInfoPropertyName = "Document")]
internal sealed partial class MfaRecordJson : JsonSerializerContext
{
    public static byte[] Write(MfaRecord record) => JsonSerializer.SerializeToUtf8Bytes(record, Default.Document);

    /// <exception cref="InvalidDataException">The document is not a record of this subject in a format that is known.</exception>
    public static MfaRecord Read(ReadOnlyMemory<byte> document, MfaSubject subject)
    {
        var record = Parse(document.Span);
        if (record.Format is < 1 or > MfaRecord.CurrentFormat)
        {
            throw new InvalidDataException($"The record has format {record.Format}; this version reads formats 1–{MfaRecord.CurrentFormat}.");
        }

        // A store that folds case or trims would hand one user another's record.
        return record.Subject == subject ? record : throw new InvalidDataException("The store returned the record of another subject.");
    }

    private static MfaRecord Parse(ReadOnlySpan<byte> document)
    {
        try
        {
            return JsonSerializer.Deserialize(document, Default.Document) ?? throw new InvalidDataException("The document is empty.");
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            // The inner exception's message may quote the document, so it stays out.
            throw new InvalidDataException($"The document is not an MFA record ({exception.GetType().Name}).");
        }
    }
}
