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

        return Decision.WriteProved(
            MfaChangeOutcome.Succeeded,
            record with { PendingEnrollment = pending with { ProvedBy = record.IsEnabled ? proof?.AuthenticatorId : null } },
            proof,
            new MfaEvent { At = now, Kind = MfaEventKind.EnrollmentStarted, AuthenticatorId = pending.AuthenticatorId });
    }

    private static MfaChangeOutcome? Refuse(MfaRecord record, PendingEnrollment pending, StepUp? proof, MfaOptions options, DateTimeOffset now)
    {
        if (pending.Replaces is { } replaced && record.Authenticators.All(a => a.Id != replaced))
        {
            return MfaChangeOutcome.NotFound;
        }

        // The first authenticator wants no proof.
        if (!record.IsEnabled)
        {
            return null;
        }

        if (Proof.Refuse(record, proof, options, now) is { } refusal)
        {
            return refusal;
        }

        // Binding anew lifts a suspension and removes the suspended, so the number does not matter then.
        var isFull = pending.Replaces is null && record.Authenticators.Count >= options.MaximumAuthenticators;
        return isFull && record.TotpThrottle.LockedOutAt is null ? MfaChangeOutcome.LimitReached : null;
    }
}
