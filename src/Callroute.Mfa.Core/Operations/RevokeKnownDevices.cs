using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Operations;

/// <summary>Removes one known device or all of them.</summary>
internal sealed class RevokeKnownDevices(OperationContext context, MfaSubject subject, MfaProof? proof, Guid? deviceId)
    : ProvedChange("revoke_known_devices", context, subject, proof)
{
    protected override Decision<MfaChangeResult> Change(MfaRecord record, Proof proof, DateTimeOffset now)
    {
        KnownDevice[] kept = deviceId is null ? [] : [.. record.KnownDevices.Where(device => device.Id != deviceId)];
        return deviceId is not null && kept.Length == record.KnownDevices.Count
            ? Decision.Refuse(record, MfaChangeOutcome.NotFound, outcome => proof.Result(outcome))
            : Decision.SaveProved(
                proof.Result(MfaChangeOutcome.Succeeded),
                record with { KnownDevices = kept },
                proof.StepUp,
                new MfaEvent { At = now, Kind = MfaEventKind.KnownDevicesRevoked });
    }
}
