using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Records;

/// <summary>Decides whether an enrolment may begin. One that was begun before is replaced.</summary>
internal static class BeginEnrollment
{
    /// <param name="record">The record; a new one where the subject has none.</param>
    /// <param name="pending">The enrolment to begin.</param>
    /// <param name="proof">What was proved, or null.</param>
    /// <param name="options">The settings.</param>
    /// <param name="now">The server's time.</param>
    public static Decision<MfaChangeOutcome> Decide(MfaRecord record, PendingEnrollment pending, StepUp? proof, MfaOptions options, DateTimeOffset now)
    {
        if (Refuse(record, pending, proof, options, now) is { } refusal)
        {
            return Decision.Keep(refusal);
        }

        return Decision.Write(
            MfaChangeOutcome.Done,
            record with { PendingEnrollment = pending with { IsProvedByRecovery = proof?.Method == MfaMethod.RecoveryCode } },
            new MfaEvent { At = now, Kind = MfaEventKind.EnrollmentStarted, AuthenticatorId = pending.AuthenticatorId });
    }

    private static MfaChangeOutcome? Refuse(MfaRecord record, PendingEnrollment pending, StepUp? proof, MfaOptions options, DateTimeOffset now)
    {
        if (pending.Replaces is { } replaced && record.Authenticators.All(a => a.Id != replaced))
        {
            return MfaChangeOutcome.NotFound;
        }

        if (!record.IsEnabled)
        {
            return null;
        }

        // A code of a suspended authenticator proves nothing, however young its receipt.
        var isSuspended = record.TotpThrottle.SuspendedAt is not null;
        if (Proof.Refuse(record, proof, options, now) is { } refusal)
        {
            return refusal;
        }

        if (isSuspended)
        {
            return proof!.Method == MfaMethod.RecoveryCode ? null : MfaChangeOutcome.ProofRefused;
        }

        var adds = pending.Replaces is null;
        return adds && record.Authenticators.Count >= options.MaximumAuthenticators ? MfaChangeOutcome.LimitReached : null;
    }
}
