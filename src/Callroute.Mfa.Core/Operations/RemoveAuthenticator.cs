using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Operations;

/// <summary>Removes one of several authenticators.</summary>
internal sealed class RemoveAuthenticator(OperationContext context, MfaSubject subject, Guid authenticatorId, MfaProof? proof)
    : ProvedChange("remove_authenticator", context, subject, proof)
{
    protected override Decision<MfaChangeResult> Change(MfaRecord record, Proof proof, DateTimeOffset now)
    {
        var removed = record.Authenticators.Where(a => a.Id == authenticatorId).ToArray();
        if (removed.Length == 0)
        {
            return Decision.Refuse(record, MfaChangeOutcome.NotFound, outcome => proof.Result(outcome));
        }

        return removed.Length == record.Authenticators.Count
            ? Decision.NoChange(proof.Result(MfaChangeOutcome.LastAuthenticator))
            : Decision.SaveProved(
                proof.Result(MfaChangeOutcome.Succeeded),
                record with { Authenticators = [.. record.Authenticators.Except(removed)] },
                proof.StepUp,
                new MfaEvent { At = now, Kind = MfaEventKind.AuthenticatorRemoved, AuthenticatorId = authenticatorId });
    }
}
