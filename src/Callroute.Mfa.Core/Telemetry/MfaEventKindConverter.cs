using System.Text.Json;
using System.Text.Json.Serialization;

namespace Callroute.Mfa.Telemetry;

/// <summary>Writes kinds by name, and reads a name it does not know as <see cref="MfaEventKind.Other"/>.</summary>
/// <remarks>While nodes of two versions share a store, an event of the newer must not make a record unreadable to the older.</remarks>
internal sealed class MfaEventKindConverter : JsonConverter<MfaEventKind>
{
    public override MfaEventKind Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Enum.TryParse<MfaEventKind>(reader.GetString(), out var kind) && Enum.IsDefined(kind) ? kind : MfaEventKind.Other;

    public override void Write(Utf8JsonWriter writer, MfaEventKind value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
