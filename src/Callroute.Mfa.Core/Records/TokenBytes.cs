using System.Buffers.Binary;

namespace Callroute.Mfa.Records;

/// <summary>The bytes of a receipt or a device token, without its authentication: version, two numbers, time, id.</summary>
internal readonly record struct TokenBytes(byte First, byte Second, DateTimeOffset At, Guid Id)
{
    private const byte Version = 1;
    private const int TimeOffset = 3;
    private const int IdOffset = TimeOffset + sizeof(long);
    private const int Size = IdOffset + RandomId.Size;

    public byte[] Write()
    {
        var bytes = new byte[Size];
        (bytes[0], bytes[1], bytes[2]) = (Version, First, Second);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(TimeOffset), At.UtcTicks);
        Id.TryWriteBytes(bytes.AsSpan(IdOffset));
        return bytes;
    }

    /// <returns>The content; null for bytes of another form. They may come from anybody.</returns>
    public static TokenBytes? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size || bytes[0] != Version)
        {
            return null;
        }

        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes[TimeOffset..]);
        return ticks >= 0 && ticks <= DateTimeOffset.MaxValue.Ticks
            ? new(bytes[1], bytes[2], new DateTimeOffset(ticks, TimeSpan.Zero), new Guid(bytes[IdOffset..]))
            : null;
    }
}
