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

    /// <summary>The attempt whose failures a success gives back.</summary>
    public AttemptId? Refundable => GivesBack ? Id : null;

    /// <summary>
    /// The group that the code counts for. While known devices are locked out, or their allowance is used up, a known device counts as
    /// unknown, unless unknown devices must wait longer. So a token is never worse than none.
    /// </summary>
    public DeviceGroup DevicesIn(MfaRecord record, MfaMethod method, MfaOptions options, DateTimeOffset now)
    {
        if (!IsKnownTo(record, options, now))
        {
            return DeviceGroup.Unknown;
        }

        var (policy, throttle) = record.ThrottleOf(method, options);
        var isClosed = throttle.At(DeviceGroup.Known, policy, now).IsClosed(policy, now);
        return isClosed && WaitOf(DeviceGroup.Unknown) <= WaitOf(DeviceGroup.Known) ? DeviceGroup.Unknown : DeviceGroup.Known;

        TimeSpan WaitOf(DeviceGroup devices) => throttle.WaitAt(devices, policy, now) ?? TimeSpan.MaxValue;
    }

    /// <summary>The device that gets a token if the code is accepted. A known device keeps its id.</summary>
    public Guid DeviceIdIn(MfaRecord record, MfaOptions options, DateTimeOffset now) =>
        IsKnownTo(record, options, now) ? Device!.DeviceId : _newDevice ??= RandomId.CreateGuid();

    private bool IsKnownTo(MfaRecord record, MfaOptions options, DateTimeOffset now) =>
        Device?.IsKnownTo(record, options.KnownDeviceLifetime, now) == true;

    public override string ToString() => nameof(CodeAttempt);
}
