using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Operations;

/// <summary>
/// Ends waits and lockouts as an administrator. Gives back nothing of an allowance, and does not help a factor that must be bound again.
/// </summary>
internal sealed class Unlock(OperationContext context, MfaSubject subject, string reason)
    : ChangeOperation<MfaChangeResult>("unlock", context, subject)
{
    private readonly string _reason = AuditReason.Clean(reason);

    protected override ValueTask<Decision<MfaChangeResult>> ExecuteAsync(CancellationToken cancellationToken) =>
        Context.Records.RunAsync(
            Subject,
            new MfaChangeResult(MfaChangeOutcome.Unavailable),
            (record, now, _) => new(Decide(record, _reason, now)),
            cancellationToken);

    /// <summary>Decides on the current record, without side effects.</summary>
    private static Decision<MfaChangeResult> Decide(MfaRecord? record, string reason, DateTimeOffset now)
    {
        if (record is not { IsEnabled: true })
        {
            return Decision.NoChange(new MfaChangeResult(MfaChangeOutcome.NotEnrolled));
        }

        var staysLockedOut = record.TotpThrottle.NeedsNewBinding || record.RecoveryThrottle.NeedsNewBinding;
        return Decision.SaveKeepingAnswer(
            new MfaChangeResult(staysLockedOut ? MfaChangeOutcome.LockedOut : MfaChangeOutcome.Succeeded),
            record with { TotpThrottle = record.TotpThrottle.Unlock(), RecoveryThrottle = record.RecoveryThrottle.Unlock() },
            new MfaEvent { At = now, Kind = MfaEventKind.Unlocked, Reason = reason });
    }
}
