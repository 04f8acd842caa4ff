using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Records;

/// <summary>Decides about the user's word that a set is saved. A pending set then takes the active one's place.</summary>
internal static class AcknowledgeRecoveryCodes
{
    public static Decision<MfaChangeOutcome> Decide(MfaRecord record, Guid generation, DateTimeOffset now)
    {
        if (record.PendingRecoveryCodes?.Set is { } pending && pending.Generation == generation)
        {
            return Acknowledge(record.WithNewSet(pending with { IsAcknowledged = true }), now);
        }

        if (record.RecoveryCodes is not { } active || active.Generation != generation)
        {
            return Decision.Keep(MfaChangeOutcome.NotFound);
        }

        return active.IsAcknowledged
            ? Decision.Keep(MfaChangeOutcome.Succeeded)
            : Acknowledge(record with { RecoveryCodes = active with { IsAcknowledged = true } }, now);
    }

    private static Decision<MfaChangeOutcome> Acknowledge(MfaRecord record, DateTimeOffset now) =>
        Decision.Write(MfaChangeOutcome.Succeeded, record, new MfaEvent { At = now, Kind = MfaEventKind.RecoveryCodesAcknowledged });
}
