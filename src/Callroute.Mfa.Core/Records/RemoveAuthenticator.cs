using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Records;

/// <summary>Decides about removing one of several authenticators.</summary>
internal static class RemoveAuthenticator
{
    public static Decision<MfaChangeOutcome> Decide(MfaRecord record, Guid authenticatorId, StepUp? proof, MfaOptions options, DateTimeOffset now)
    {
        if (Proof.Refuse(record, proof, options, now) is { } refusal)
        {
            return Decision.Keep(refusal);
        }

        var left = record.Authenticators.Where(a => a.Id != authenticatorId).ToArray();
        if (left.Length == record.Authenticators.Count)
        {
            return Decision.Keep(MfaChangeOutcome.NotFound);
        }

        return left.Length == 0
            ? Decision.Keep(MfaChangeOutcome.LastAuthenticator)
            : Decision.WriteProved(
                MfaChangeOutcome.Done,
                // An enrolment that waits may have been begun with the authenticator that is removed.
                record with { Authenticators = left, PendingEnrollment = null },
                proof,
                new MfaEvent { At = now, Kind = MfaEventKind.AuthenticatorRemoved, AuthenticatorId = authenticatorId });
    }
}
