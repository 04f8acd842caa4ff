using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Operations;

/// <summary>The circumstances of a typed code.</summary>
/// <param name="Id">The attempt.</param>
/// <param name="DeviceToken">The token that the device presented, not checked yet; null if it presented none.</param>
/// <param name="GivesBack">Whether a success gives back the failures of the same attempt: only at sign-in.</param>
/// <param name="BindingVersion">The version of the record that the attempt began with; null to accept any.</param>
internal sealed record CodeAttempt(AttemptId Id, string? DeviceToken, bool GivesBack, Guid? BindingVersion)
{
    // Created once per call: a failed compare-and-swap makes us decide again.
    private readonly Guid _newDevice = RandomId.CreateGuid();

    /// <summary>The known device that the code comes from; null for an unknown one.</summary>
    public Guid? KnownDevice { get; private init; }

    /// <summary>The device that gets a token if the code is accepted. A known device keeps its id.</summary>
    public Guid DeviceId => KnownDevice ?? _newDevice;

    /// <summary>The attempt whose failures a success gives back.</summary>
    public AttemptId? Refundable => GivesBack ? Id : null;

    /// <summary>Whether the attempt has succeeded already, or authenticators or recovery codes have changed since it began.</summary>
    public bool IsOver(MfaRecord record) =>
        record.IsSpent(Id) || (BindingVersion is { } version && version != record.BindingVersion);

    /// <summary>
    /// The group that the code counts for. While known devices are locked out, or their allowance is used up, a known device counts as
    /// unknown, unless unknown devices must wait longer. So a lockout makes a token no worse than none. A wait can, for 1 h.
    /// </summary>
    public DeviceGroup DevicesIn(MfaRecord record, MfaMethod method, MfaOptions options, DateTimeOffset now)
    {
        if (KnownDevice is null)
        {
            return DeviceGroup.Unknown;
        }

        var (policy, throttle) = record.ThrottleOf(method, options);
        var isClosed = throttle.At(DeviceGroup.Known, policy, now).IsClosed(policy, now);
        return isClosed && WaitOf(DeviceGroup.Unknown) <= WaitOf(DeviceGroup.Known) ? DeviceGroup.Unknown : DeviceGroup.Known;

        TimeSpan WaitOf(DeviceGroup devices) => throttle.WaitAt(devices, policy, now) ?? TimeSpan.MaxValue;
    }

    /// <summary>Finds out which known device the code comes from.</summary>
    public async ValueTask<CodeAttempt> IdentifyAsync(
        RecordTokens tokens, MfaOptions options, DateTimeOffset now, CancellationToken cancellationToken) => this with
        {
            KnownDevice = await tokens.FindKnownDeviceAsync(DeviceToken, options.KnownDeviceLifetime, now, cancellationToken)
            .ConfigureAwait(false),
        };

    public override string ToString() => nameof(CodeAttempt);
}
