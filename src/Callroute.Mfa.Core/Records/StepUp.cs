using System.Buffers.Binary;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Records;

/// <summary>The content of a receipt, after its protection is removed.</summary>
/// <param name="Method">How the subject was verified.</param>
/// <param name="Devices">The group of devices that the subject was verified on.</param>
/// <param name="VerifiedAt">When the subject was verified.</param>
/// <param name="SecurityStamp">The record's security stamp at that time.</param>
/// <param name="AuthenticatorId">The authenticator whose code it was; empty for a recovery code.</param>
internal sealed record StepUp(MfaMethod Method, DeviceGroup Devices, DateTimeOffset VerifiedAt, Guid SecurityStamp, Guid AuthenticatorId)
{
    /// <summary>Whether the code was verified in the same call as the change.</summary>
    public bool IsOfThisCall { get; init; }

    private const byte Version = 1;
    private const int TimeOffset = 3;
    private const int SecurityStampOffset = TimeOffset + sizeof(long);
    private const int AuthenticatorOffset = SecurityStampOffset + RandomId.Size;
    private const int Size = AuthenticatorOffset + RandomId.Size;

    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        bytes[0] = Version;
        bytes[1] = (byte)Method;
        bytes[2] = (byte)Devices;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(TimeOffset), VerifiedAt.UtcTicks);
        SecurityStamp.TryWriteBytes(bytes.AsSpan(SecurityStampOffset));
        AuthenticatorId.TryWriteBytes(bytes.AsSpan(AuthenticatorOffset));
        return bytes;
    }

    public static StepUp? FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Size && bytes[0] == Version
            ? new(
                (MfaMethod)bytes[1],
                (DeviceGroup)bytes[2],
                new DateTimeOffset(BinaryPrimitives.ReadInt64BigEndian(bytes[TimeOffset..]), TimeSpan.Zero),
                new Guid(bytes[SecurityStampOffset..AuthenticatorOffset]),
                new Guid(bytes[AuthenticatorOffset..]))
            : null;

    /// <summary>
    /// Whether the receipt proves a change: it is recent, its security stamp is current, its authenticator is still bound, and its factor
    /// is not locked out on the devices that it comes from.
    /// </summary>
    public bool Proves(MfaRecord record, MfaOptions options, DateTimeOffset now)
    {
        // The clocks of nodes differ, so a receipt may seem to come from the near future.
        var isRecent = (now - VerifiedAt).Duration() <= options.StepUpAge;
        var isBound = Method == MfaMethod.RecoveryCode || record.Authenticators.Any(a => a.Id == AuthenticatorId);
        return isRecent && isBound && SecurityStamp == record.SecurityStamp && !record.IsLockedOut(Method, Devices, options, now);
    }
}
