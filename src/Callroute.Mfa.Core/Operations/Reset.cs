using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Operations;

/// <summary>Resets MFA as an administrator: removes authenticators, recovery codes and throttle. The history stays.</summary>
internal sealed class Reset(OperationContext context, MfaSubject subject, string reason)
    : ChangeOperation<MfaChangeResult>("reset", context, subject)
{
    private const int MaximumReasonLength = 200;

    private readonly string _reason = Clean(reason);

    protected override ValueTask<Decision<MfaChangeResult>> ExecuteAsync(CancellationToken cancellationToken) =>
        Context.Records.RunAsync(
            Subject,
            new MfaChangeResult(MfaChangeOutcome.Unavailable),
            (record, now, _) => new(Decide(record, _reason, RandomId.CreateGuid(), now)),
            cancellationToken);

    /// <summary>Decides on the current record, without side effects.</summary>
    private static Decision<MfaChangeResult> Decide(MfaRecord? record, string reason, Guid newStamp, DateTimeOffset now) => record is null
        ? Decision.NoChange(new MfaChangeResult(MfaChangeOutcome.NotEnrolled))
        : Decision.Save(
            new MfaChangeResult(MfaChangeOutcome.Succeeded),
            record.Disabled(newStamp, now) with { TotpThrottle = ThrottleState.Clean, RecoveryThrottle = ThrottleState.Clean },
            new MfaEvent { At = now, Kind = MfaEventKind.Reset, Reason = reason });

    private static string Clean(string reason)
    {
        var cleaned = DisplayText.Clean(Guard.NotNull(reason), MaximumReasonLength);
        ArgumentException.ThrowIfNullOrEmpty(cleaned, nameof(reason));
        return cleaned;
    }
}
