using System.Buffers.Binary;

namespace Callroute.Mfa.Records;

/// <summary>The content of a known-device token.</summary>
/// <param name="DeviceId">The device. If the record does not list this id, the token is invalid.</param>
/// <param name="IssuedAt">When it was issued.</param>
internal sealed record DeviceToken(Guid DeviceId, DateTimeOffset IssuedAt)
{
    private const byte Version = 2;
    private const int TimeOffset = 1 + RandomId.Size;
    private const int Size = TimeOffset + sizeof(long);

    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        bytes[0] = Version;
        DeviceId.TryWriteBytes(bytes.AsSpan(1));
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(TimeOffset), IssuedAt.UtcTicks);
        return bytes;
    }

    public static DeviceToken? FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Size && bytes[0] == Version && BinaryPrimitives.ReadInt64BigEndian(bytes[TimeOffset..]) is var ticks
        && ticks >= 0 && ticks <= DateTime.MaxValue.Ticks
            ? new(new Guid(bytes[1..TimeOffset]), new DateTimeOffset(ticks, TimeSpan.Zero))
            : null;

    /// <summary>Whether the record lists the device, and the token is not too old. Says nothing about its authenticity.</summary>
    public bool IsListedIn(MfaRecord record, TimeSpan lifetime, DateTimeOffset now) =>
        // The clocks of nodes differ, so a token may seem to come from the near future.
        (now - IssuedAt).Duration() < lifetime && record.KnownDevices.Any(device => device.Id == DeviceId);
}
