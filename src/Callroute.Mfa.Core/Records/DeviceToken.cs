using System.Buffers.Binary;

namespace Callroute.Mfa.Records;

/// <summary>The content of a known-device token, after its protection is removed.</summary>
/// <param name="DeviceId">The device. If the record does not list this id, the token is invalid.</param>
/// <param name="SecurityStamp">The record's security stamp when the token was issued.</param>
/// <param name="IssuedAt">When it was issued.</param>
internal sealed record DeviceToken(Guid DeviceId, Guid SecurityStamp, DateTimeOffset IssuedAt)
{
    private const byte Version = 1;
    private const int TimeOffset = 1 + 2 * RandomId.Size;
    private const int Size = TimeOffset + sizeof(long);

    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        bytes[0] = Version;
        DeviceId.TryWriteBytes(bytes.AsSpan(1));
        SecurityStamp.TryWriteBytes(bytes.AsSpan(1 + RandomId.Size));
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(TimeOffset), IssuedAt.UtcTicks);
        return bytes;
    }

    public static DeviceToken? FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Size && bytes[0] == Version
            ? new(
                new Guid(bytes.Slice(1, RandomId.Size)),
                new Guid(bytes.Slice(1 + RandomId.Size, RandomId.Size)),
                new DateTimeOffset(BinaryPrimitives.ReadInt64BigEndian(bytes[TimeOffset..]), TimeSpan.Zero))
            : null;

    /// <summary>
    /// Whether the record still trusts the device: the record lists it, no disable or reset came between, and the token is not too old.
    /// </summary>
    public bool IsKnownTo(MfaRecord record, TimeSpan lifetime, DateTimeOffset now) =>
        // The clocks of nodes differ, so a token may seem to come from the near future.
        SecurityStamp == record.SecurityStamp
        && (now - IssuedAt).Duration() < lifetime
        && record.KnownDevices.Any(device => device.Id == DeviceId);
}
