using Callroute.Mfa.Recovery;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Records;

/// <summary>Decides about new recovery codes made by hand: pending beside an active set, active where there is none.</summary>
internal static class RegenerateRecoveryCodes
{
    /// <param name="record">The record; the change is proved.</param>
    /// <param name="prepared">The new codes.</param>
    /// <param name="pending">The new codes with the setting of the active set; null where the record has none.</param>
    /// <param name="now">The server's time.</param>
    public static Decision<MfaChangeOutcome> Decide(MfaRecord record, PreparedRecoveryCodes prepared, PendingRecoveryCodes? pending, DateTimeOffset now)
    {
        var changed = pending is null
            ? record with { RecoveryCodes = prepared.Set, PendingRecoveryCodes = null, RecoveryThrottle = record.RecoveryThrottle.Succeed() }
            : record with { PendingRecoveryCodes = pending };
        return Decision.Write(MfaChangeOutcome.Done, changed, new MfaEvent { At = now, Kind = MfaEventKind.RecoveryCodesIssued });
    }
}
