using Callroute.Mfa.Records;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Operations;

/// <summary>The circumstances of a typed code.</summary>
/// <param name="Id">The attempt.</param>
/// <param name="Device">The token that the device presented; null if it presented none, or a forged one.</param>
/// <param name="GivesBack">Whether a success gives back the failures of the same attempt: only at sign-in.</param>
internal sealed record CodeAttempt(AttemptId Id, DeviceToken? Device, bool GivesBack)
{
    // The id of a device that gets its first token. Created once per call: a failed compare-and-swap makes us decide again.
    private Guid? _newDevice;

    public DeviceGroup DevicesIn(MfaRecord record, MfaOptions options, DateTimeOffset now) =>
        Device?.IsKnownTo(record, options.KnownDeviceLifetime, now) == true ? DeviceGroup.Known : DeviceGroup.Unknown;

    /// <summary>The device that gets a token if the code is accepted. A known device keeps its id.</summary>
    public Guid DeviceIdIn(DeviceGroup devices) => devices == DeviceGroup.Known ? Device!.DeviceId : _newDevice ??= RandomId.CreateGuid();

    /// <summary>The attempt whose failures a success gives back.</summary>
    public AttemptId? Refundable => GivesBack ? Id : null;
}
