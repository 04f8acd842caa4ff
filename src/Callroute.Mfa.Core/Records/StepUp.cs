using System.Buffers.Binary;

namespace Callroute.Mfa.Records;

/// <summary>What a receipt says, once its protection is removed.</summary>
internal sealed record StepUp(MfaMethod Method, DateTimeOffset VerifiedAt, Guid Epoch)
{
    private const byte Version = 1;
    private const int Size = 2 + sizeof(long) + 16;

    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        bytes[0] = Version;
        bytes[1] = (byte)Method;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(2), VerifiedAt.UtcTicks);
        Epoch.TryWriteBytes(bytes.AsSpan(2 + sizeof(long)));
        return bytes;
    }

    public static StepUp? FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Size && bytes[0] == Version
            ? new((MfaMethod)bytes[1], new DateTimeOffset(BinaryPrimitives.ReadInt64BigEndian(bytes[2..]), TimeSpan.Zero), new Guid(bytes[(2 + sizeof(long))..]))
            : null;

    /// <summary>Whether the receipt is young, and of this record since it was last enabled.</summary>
    public bool Proves(MfaRecord record, TimeSpan maximumAge, DateTimeOffset now)
    {
        // The clocks of several nodes differ, so a receipt may seem to come from the near future.
        var age = now - VerifiedAt;
        return Epoch == record.Epoch && age <= maximumAge && age >= -maximumAge;
    }
}
