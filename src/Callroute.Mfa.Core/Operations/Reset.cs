using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Operations;

/// <summary>
/// Resets MFA as an administrator: removes authenticators, recovery codes, known devices and throttle, and lets the user enrol. The history
/// stays. Writes a record if there is none, or if it cannot be read, so that a lost record has a way back.
/// </summary>
internal sealed class Reset(
    OperationContext context, MfaSubject subject, string reason, TimeSpan? enrollmentPeriod, bool allowPasswordAlone)
    : ChangeOperation<MfaChangeResult>("reset", context, subject)
{
    private readonly string _reason = AuditReason.Clean(reason);

    private readonly TimeSpan _period = Guard.InRange(
        enrollmentPeriod ?? TimeSpan.FromHours(24), TimeSpan.FromMinutes(1), ResetTerms.MaximumPeriod, nameof(enrollmentPeriod));

    protected override bool IsUrgent => true;

    protected override ValueTask<Decision<MfaChangeResult>> ExecuteAsync(CancellationToken cancellationToken) =>
        Context.Records.RunAsync(
            Subject,
            outcome => new MfaChangeResult(outcome),
            (record, now, _) => new(Decide(
                record ?? MfaRecord.Create(Subject, RandomId.CreateGuid()),
                new() { EnrollUntil = now + _period, AllowsPasswordAlone = allowPasswordAlone },
                _reason,
                RandomId.CreateGuid(),
                now)),
            cancellationToken,
            ClockRule.Repair,
            overwritesUnreadable: true);

    /// <summary>Decides on the current record, without side effects.</summary>
    private static Decision<MfaChangeResult> Decide(
        MfaRecord record, ResetTerms terms, string reason, Guid newStamp, DateTimeOffset now) =>
        Decision.Save(
            new MfaChangeResult(MfaChangeOutcome.Succeeded),
            record.Ended(newStamp, terms, now) with
            {
                TotpThrottle = FactorThrottle.Clean,
                RecoveryThrottle = FactorThrottle.Clean,
                RegenerationsFullAt = null,
            },
            new MfaEvent { At = now, Kind = MfaEventKind.Reset, Reason = reason });
}
