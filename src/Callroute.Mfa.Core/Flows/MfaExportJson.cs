using System.Text.Json.Serialization;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Flows;

/// <summary>Writes exports as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    Converters = [typeof(JsonStringEnumConverter<OtpAlgorithm>), typeof(JsonStringEnumConverter<MfaMethod>)])]
[JsonSerializable(typeof(MfaExport))]
internal sealed partial class MfaExportJson : JsonSerializerContext;
