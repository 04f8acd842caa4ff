using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Operations;

/// <summary>Decides whether a code may be checked at all. A refusal does not depend on the code.</summary>
internal static class Admission
{
    /// <returns>A refusal, or null if the code may be checked.</returns>
    public static Decision<VerificationResult>? Refuse(
        MfaRecord? record, MfaMethod method, AttemptId attempt, MfaOptions options, DateTimeOffset now)
    {
        if (record is not { IsEnabled: true } || (method == MfaMethod.RecoveryCode && record.RecoveryCodes is null))
        {
            return Refuse(RefusalReason.NotEnrolled);
        }

        if (record.IsSpent(attempt))
        {
            return Refuse(RefusalReason.AttemptSpent);
        }

        var (policy, state) = record.ThrottleOf(method, options);
        return state.LockedOutAt is null
            ? RefuseWhileThrottled(record, method, state.Clamp(policy, now), policy, now)
            : Refuse(RefusalReason.LockedOut);
    }

    private static Decision<VerificationResult>? RefuseWhileThrottled(
        MfaRecord record, MfaMethod method, ThrottleState state, ThrottleOptions policy, DateTimeOffset now)
    {
        var wait = state.WaitAt(policy, now);
        if (wait == TimeSpan.Zero)
        {
            return null;
        }

        var refusal = VerificationResult.Refused(RefusalReason.Throttled, wait);
        var clamped = record.WithThrottle(method, state);
        return ReferenceEquals(clamped, record) ? Decision.NoChange(refusal) : Decision.SaveKeepingAnswer(refusal, clamped);
    }

    private static Decision<VerificationResult> Refuse(RefusalReason reason) => Decision.NoChange(VerificationResult.Refused(reason));
}
