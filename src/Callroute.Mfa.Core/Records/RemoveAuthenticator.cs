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

        var removed = record.Authenticators.Where(a => a.Id == authenticatorId).ToArray();
        if (removed.Length == 0)
        {
            return Decision.Keep(MfaChangeOutcome.NotFound);
        }

        return removed.Length == record.Authenticators.Count
            ? Decision.Keep(MfaChangeOutcome.LastAuthenticator)
            : Decision.WriteProved(
                MfaChangeOutcome.Succeeded,
                record.Revoke(removed) with { Authenticators = [.. record.Authenticators.Except(removed)] },
                proof,
                new MfaEvent { At = now, Kind = MfaEventKind.AuthenticatorRemoved, AuthenticatorId = authenticatorId });
    }
}
