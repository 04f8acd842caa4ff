using Callroute.Mfa.Recovery;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Records;

/// <summary>Decides about regenerated recovery codes: pending beside an active set, active where there is none.</summary>
internal static class RegenerateRecoveryCodes
{
    /// <param name="record">The record; the change is proved.</param>
    /// <param name="prepared">The new codes.</param>
    /// <param name="pending">The new codes with the setting of the active set; null where the record has none.</param>
    /// <param name="proof">What proved it.</param>
    /// <param name="now">The server's time.</param>
    public static Decision<MfaChangeOutcome> Decide(MfaRecord record, PreparedRecoveryCodes prepared, PendingRecoveryCodes? pending, StepUp? proof, DateTimeOffset now)
    {
        var changed = pending is null
            ? record.WithNewSet(prepared.Set)
            : record with { PendingRecoveryCodes = pending with { ProvedBy = proof?.AuthenticatorId ?? Guid.Empty } };
        return Decision.WriteProved(MfaChangeOutcome.Succeeded, changed, proof, new MfaEvent { At = now, Kind = MfaEventKind.RecoveryCodesIssued });
    }
}
