using System.Text.Json;
using System.Text.Json.Serialization;

namespace Callroute.Mfa.Records;

/// <summary>Reads the positions of events in a document, and writes events unchanged.</summary>
internal sealed class EventHistoryConverter : JsonConverter<EventHistory>
{
    public override EventHistory Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Expect(ref reader, JsonTokenType.StartArray);
        List<HistoryEntry> entries = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Expect(ref reader, JsonTokenType.StartObject);
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            entries.Add(new(start..(int)reader.BytesConsumed, New: null));
        }

        return new([.. entries]);
    }

    public override void Write(Utf8JsonWriter writer, EventHistory value, JsonSerializerOptions options) => value.WriteTo(writer);

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType expected)
    {
        if (reader.TokenType != expected)
        {
            throw new JsonException();
        }
    }
}
