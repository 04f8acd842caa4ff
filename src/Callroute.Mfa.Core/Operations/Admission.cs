using Callroute.Mfa.Records;

namespace Callroute.Mfa.Operations;

/// <summary>Decides whether a code may be checked at all. A refusal does not depend on the code.</summary>
internal static class Admission
{
    /// <returns>A refusal, or null if the code may be checked.</returns>
    public static VerificationResult? Refuse(
        MfaRecord record, MfaMethod method, CodeAttempt attempt, MfaOptions options, DateTimeOffset now)
    {
        if (!record.IsEnabled)
        {
            return VerificationResult.Refused(RefusalReason.NotEnrolled);
        }

        if (attempt.IsOver(record))
        {
            return VerificationResult.Refused(RefusalReason.AttemptSpent);
        }

        var devices = attempt.DevicesIn(record, method, options, now);
        var (policy, throttle) = record.ThrottleOf(method, options);
        var wait = throttle.WaitAt(devices, policy, now);
        return throttle.IsLockedOut(devices, policy, now) ? VerificationResult.Refused(RefusalReason.LockedOut, wait)
            : wait > TimeSpan.Zero ? VerificationResult.Refused(RefusalReason.Throttled, wait)
            : null;
    }
}
