namespace Callroute.Mfa.Records;

/// <summary>The content of a known-device token.</summary>
/// <param name="DeviceId">The device. If the record does not list this id, the token is invalid.</param>
/// <param name="IssuedAt">When it was issued.</param>
internal sealed record DeviceToken(Guid DeviceId, DateTimeOffset IssuedAt)
{
    public byte[] ToBytes() => new TokenBytes(0, 0, IssuedAt, DeviceId).Write();

    public static DeviceToken? FromBytes(ReadOnlySpan<byte> bytes) =>
        TokenBytes.Read(bytes) is { } read ? new(read.Id, read.At) : null;

    /// <summary>Whether the record lists the device, and the token is not too old. Says nothing about its authenticity.</summary>
    public bool IsListedIn(MfaRecord record, TimeSpan lifetime, DateTimeOffset now) =>
        // The clocks of nodes differ, so a token may seem to come from the near future.
        (now - IssuedAt).Duration() < lifetime && record.KnownDevices.Any(device => device.Id == DeviceId);
}
