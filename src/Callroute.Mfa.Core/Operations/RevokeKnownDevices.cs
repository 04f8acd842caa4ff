using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Operations;

/// <summary>Removes one known device or all of them.</summary>
internal sealed class RevokeKnownDevices(OperationContext context, MfaSubject subject, MfaProof? proof, Guid? deviceId)
    : ChangeOperation<MfaChangeResult>("revoke_known_devices", context, subject)
{
    protected override async ValueTask<Decision<MfaChangeResult>> ExecuteAsync(CancellationToken cancellationToken)
    {
        var proved = await Proof.ReadAsync(Context, Subject, proof, cancellationToken).ConfigureAwait(false);
        return proved.IsRefused
            ? Decision.NoChange(proved.Result(MfaChangeOutcome.ProofRefused))
            : await Context.Records.RunAsync(
                Subject,
                proved.Result(MfaChangeOutcome.Unavailable),
                (record, now, _) => new(Decide(record, deviceId, proved, Options, now)),
                proved.TokenFor(cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Decides on the current record, without side effects.</summary>
    private static Decision<MfaChangeResult> Decide(
        MfaRecord? record, Guid? deviceId, Proof proof, MfaOptions options, DateTimeOffset now)
    {
        if (proof.Refuse(record, options, now) is { } refusal)
        {
            return Decision.NoChange(proof.Result(refusal));
        }

        KnownDevice[] kept = deviceId is null ? [] : [.. record!.KnownDevices.Where(device => device.Id != deviceId)];
        return deviceId is not null && kept.Length == record!.KnownDevices.Count
            ? Decision.NoChange(proof.Result(MfaChangeOutcome.NotFound))
            : Decision.SaveProved(
                proof.Result(MfaChangeOutcome.Succeeded),
                record! with { KnownDevices = kept },
                proof.StepUp,
                new MfaEvent { At = now, Kind = MfaEventKind.KnownDevicesRevoked });
    }
}
