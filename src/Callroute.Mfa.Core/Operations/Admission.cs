using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.Operations;

/// <summary>Decides whether a code may be checked at all. A refusal does not depend on the code.</summary>
internal static class Admission
{
    /// <returns>A refusal, or null if the code may be checked.</returns>
    public static Decision<VerificationResult>? Refuse(
        MfaRecord? record, MfaMethod method, CodeAttempt attempt, MfaOptions options, DateTimeOffset now)
    {
        if (record is not { IsEnabled: true } || (method == MfaMethod.RecoveryCode && record.RecoveryCodes is null))
        {
            return Decision.NoChange(VerificationResult.Refused(RefusalReason.NotEnrolled));
        }

        if (record.IsSpent(attempt.Id))
        {
            return Decision.NoChange(VerificationResult.Refused(RefusalReason.AttemptSpent));
        }

        var devices = attempt.DevicesIn(record, method, options, now);
        var (policy, throttle) = record.ThrottleOf(method, options);
        var current = throttle.With(devices, throttle.At(devices, policy, now));
        return Refuse(current, devices, policy, now) is not { } refusal ? null
            : ReferenceEquals(current, throttle) ? Decision.NoChange(refusal)
            : Decision.SaveKeepingAnswer(refusal, record.WithThrottle(method, current));
    }

    private static VerificationResult? Refuse(FactorThrottle throttle, DeviceGroup devices, ThrottleOptions policy, DateTimeOffset now)
    {
        var wait = throttle.WaitAt(devices, policy, now);
        return throttle.IsLockedOut(devices, policy, now) ? VerificationResult.Refused(RefusalReason.LockedOut, wait)
            : wait > TimeSpan.Zero ? VerificationResult.Refused(RefusalReason.Throttled, wait)
            : null;
    }
}
