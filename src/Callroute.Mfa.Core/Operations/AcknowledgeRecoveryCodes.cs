using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Operations;

/// <summary>Records that the user has saved a set of recovery codes. A pending set then replaces the active one.</summary>
internal sealed class AcknowledgeRecoveryCodes(OperationContext context, MfaSubject subject, Guid setId)
    : ChangeOperation<MfaChangeResult>("acknowledge_recovery_codes", context, subject)
{
    protected override ValueTask<Decision<MfaChangeResult>> ExecuteAsync(CancellationToken cancellationToken) =>
        Context.Records.RunAsync(
            Subject,
            outcome => new MfaChangeResult(outcome),
            (record, now, _) => new(Decide(record, setId, now)),
            cancellationToken);

    /// <summary>Decides on the current record, without side effects.</summary>
    private static Decision<MfaChangeResult> Decide(MfaRecord? record, Guid setId, DateTimeOffset now)
    {
        if (record?.PendingRecoveryCodesAt(now)?.Set is { } pending && pending.SetId == setId)
        {
            return Acknowledge(record.WithNewSet(pending with { IsAcknowledged = true }), now);
        }

        if (record?.RecoveryCodes is not { } active || active.SetId != setId)
        {
            return Decision.Refuse(record, MfaChangeOutcome.NotFound, outcome => new MfaChangeResult(outcome));
        }

        return active.IsAcknowledged
            ? Decision.NoChange(new MfaChangeResult(MfaChangeOutcome.Succeeded))
            : Acknowledge(record with { RecoveryCodes = active with { IsAcknowledged = true } }, now);
    }

    private static Decision<MfaChangeResult> Acknowledge(MfaRecord record, DateTimeOffset now) => Decision.Save(
        new MfaChangeResult(MfaChangeOutcome.Succeeded), record, new MfaEvent { At = now, Kind = MfaEventKind.RecoveryCodesAcknowledged });
}
