using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Operations;

/// <summary>Removes one of several authenticators.</summary>
internal sealed class RemoveAuthenticator(OperationContext context, MfaSubject subject, Guid authenticatorId, MfaProof? proof)
    : ChangeOperation<MfaChangeResult>("remove_authenticator", context, subject)
{
    protected override async ValueTask<Decision<MfaChangeResult>> ExecuteAsync(CancellationToken cancellationToken)
    {
        var proved = await Proof.ReadAsync(Context, Subject, proof, cancellationToken).ConfigureAwait(false);
        return proved.IsRefused
            ? Decision.NoChange(proved.Result(MfaChangeOutcome.ProofRefused))
            : await Context.Records.RunAsync(
                Subject,
                proved.Result(MfaChangeOutcome.Unavailable),
                (record, now, _) => new(Decide(record, authenticatorId, proved, Options, now)),
                proved.TokenFor(cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Decides on the current record, without side effects.</summary>
    private static Decision<MfaChangeResult> Decide(
        MfaRecord? record, Guid authenticatorId, Proof proof, MfaOptions options, DateTimeOffset now)
    {
        if (proof.Refuse(record, options, now) is { } refusal)
        {
            return Decision.NoChange(proof.Result(refusal));
        }

        var removed = record!.Authenticators.Where(a => a.Id == authenticatorId).ToArray();
        if (removed.Length == 0)
        {
            return Decision.NoChange(proof.Result(MfaChangeOutcome.NotFound));
        }

        return removed.Length == record.Authenticators.Count
            ? Decision.NoChange(proof.Result(MfaChangeOutcome.LastAuthenticator))
            : Decision.SaveProved(
                proof.Result(MfaChangeOutcome.Succeeded),
                record.Revoke(removed) with { Authenticators = [.. record.Authenticators.Except(removed)] },
                proof.StepUp,
                new MfaEvent { At = now, Kind = MfaEventKind.AuthenticatorRemoved, AuthenticatorId = authenticatorId });
    }
}
