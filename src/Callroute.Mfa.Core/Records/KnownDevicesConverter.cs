using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Callroute.Mfa.Records;

/// <summary>
/// Writes known devices as one text, ids and times in turn: a sign-in reads and writes all of them, and an object for each would cost more
/// than the rest of the record.
/// </summary>
internal sealed class KnownDevicesConverter : JsonConverter<IReadOnlyList<KnownDevice>>
{
    private const int Size = RandomId.Size + sizeof(long);

    public override IReadOnlyList<KnownDevice> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var bytes = reader.TokenType == JsonTokenType.String && reader.TryGetBytesFromBase64(out var decoded) ? decoded : [0];
        return bytes.Length % Size == 0 ? [.. bytes.Chunk(Size).Select(Read)] : throw new JsonException();
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<KnownDevice> value, JsonSerializerOptions options)
    {
        var bytes = new byte[value.Count * Size];
        for (var i = 0; i < value.Count; i++)
        {
            var device = bytes.AsSpan(i * Size, Size);
            value[i].Id.TryWriteBytes(device);
            BinaryPrimitives.WriteInt64BigEndian(device[RandomId.Size..], value[i].LastUsedAt.UtcTicks);
        }

        writer.WriteBase64StringValue(bytes);
    }

    // Ticks out of range throw an ArgumentException, which makes the document unreadable, as any other member does.
    private static KnownDevice Read(byte[] device) => new(
        new Guid(device.AsSpan(0, RandomId.Size)),
        new DateTimeOffset(BinaryPrimitives.ReadInt64BigEndian(device.AsSpan(RandomId.Size)), TimeSpan.Zero));
}
