using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Operations;

/// <summary>
/// Ends waits and lockouts as an administrator. Gives back nothing of an allowance, and does not help a factor that must be bound again.
/// Times that a wrong clock wrote, and that lie in the future, become as late as they can be now.
/// </summary>
internal sealed class Unlock(OperationContext context, MfaSubject subject, string reason)
    : ChangeOperation<MfaChangeResult>("unlock", context, subject)
{
    private readonly string _reason = AuditReason.Clean(reason);

    protected override bool IsUrgent => true;

    protected override ValueTask<Decision<MfaChangeResult>> ExecuteAsync(CancellationToken cancellationToken) =>
        Context.Records.RunAsync(
            Subject,
            outcome => new MfaChangeResult(outcome),
            (record, now, _) => new(Decide(record, _reason, Options, now)),
            cancellationToken,
            ClockRule.Repair);

    /// <summary>Decides on the current record, without side effects.</summary>
    private static Decision<MfaChangeResult> Decide(MfaRecord? record, string reason, MfaOptions options, DateTimeOffset now)
    {
        if (record is not { IsEnabled: true })
        {
            // Save nevertheless: the time of the record is repaired.
            var result = new MfaChangeResult(MfaChangeOutcome.NotEnrolled);
            return record is null ? Decision.NoChange(result) : Decision.SaveKeepingAnswer(result, record);
        }

        var latest = RegenerateRecoveryCodes.LatestFullAt(now);
        var staysLockedOut = record.TotpThrottle.NeedsNewBinding || record.RecoveryThrottle.NeedsNewBinding;
        return Decision.SaveKeepingAnswer(
            new MfaChangeResult(staysLockedOut ? MfaChangeOutcome.LockedOut : MfaChangeOutcome.Succeeded),
            record with
            {
                TotpThrottle = record.TotpThrottle.At(options.TotpThrottle, now).Unlock(),
                RecoveryThrottle = record.RecoveryThrottle.At(options.RecoveryThrottle, now).Unlock(),
                RegenerationsFullAt = record.RegenerationsFullAt > latest ? latest : record.RegenerationsFullAt,
            },
            new MfaEvent { At = now, Kind = MfaEventKind.Unlocked, Reason = reason });
    }
}
