using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;

namespace Callroute.Mfa.Operations;

/// <summary>
/// Removes one known device or all of them. It needs no proof: a device that becomes unknown only loses its own count of failures.
/// </summary>
internal sealed class RevokeKnownDevices(OperationContext context, MfaSubject subject, Guid? deviceId)
    : ChangeOperation<MfaChangeResult>("revoke_known_devices", context, subject)
{
    protected override ValueTask<Decision<MfaChangeResult>> ExecuteAsync(CancellationToken cancellationToken) =>
        Context.Records.RunAsync(
            Subject,
            new MfaChangeResult(MfaChangeOutcome.Unavailable),
            (record, _, _) => new(Decide(record, deviceId)),
            cancellationToken);

    /// <summary>Decides on the current record, without side effects.</summary>
    private static Decision<MfaChangeResult> Decide(MfaRecord? record, Guid? deviceId)
    {
        if (record is not { IsEnabled: true })
        {
            return Decision.NoChange(new MfaChangeResult(MfaChangeOutcome.NotEnrolled));
        }

        KnownDevice[] kept = deviceId is null ? [] : [.. record.KnownDevices.Where(device => device.Id != deviceId)];
        if (kept.Length == record.KnownDevices.Count)
        {
            return Decision.NoChange(
                new MfaChangeResult(deviceId is null ? MfaChangeOutcome.Succeeded : MfaChangeOutcome.NotFound));
        }

        return Decision.SaveKeepingAnswer(new MfaChangeResult(MfaChangeOutcome.Succeeded), record with { KnownDevices = kept });
    }
}
