using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Records;

/// <summary>Whether a code may be looked at at all. Refusing here tells nothing about the code.</summary>
internal static class Admission
{
    /// <returns>A refusal, or null where the code may be looked at.</returns>
    public static Decision<VerificationResult>? Refuse(MfaRecord record, MfaMethod method, AttemptId attempt, MfaOptions options, DateTimeOffset now)
    {
        if (!record.IsEnabled || (method == MfaMethod.RecoveryCode && record.RecoveryCodes is null))
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

    private static Decision<VerificationResult>? RefuseWhileThrottled(MfaRecord record, MfaMethod method, ThrottleState state, ThrottlePolicy policy, DateTimeOffset now)
    {
        var wait = state.WaitAt(policy, now);
        if (wait == TimeSpan.Zero)
        {
            return null;
        }

        var refusal = VerificationResult.Refused(RefusalReason.Throttled, wait);
        var clamped = record.WithThrottle(method, state);
        return ReferenceEquals(clamped, record) ? Decision.Keep(refusal) : Decision.WriteKeepingRedelivery(refusal, clamped);
    }

    private static Decision<VerificationResult> Refuse(RefusalReason reason) => Decision.Keep(VerificationResult.Refused(reason));
}
