using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Operations;

/// <summary>Disables MFA at the user's request: removes authenticators, recovery codes and known devices.</summary>
internal sealed class Disable(OperationContext context, MfaSubject subject, MfaPolicy policy, MfaProof? proof)
    : ChangeOperation<MfaChangeResult>("disable", context, subject)
{
    private readonly bool _isForbidden = Guard.Defined(policy) == MfaPolicy.Required;

    protected override async ValueTask<Decision<MfaChangeResult>> ExecuteAsync(CancellationToken cancellationToken)
    {
        if (_isForbidden)
        {
            // Answer before the proof is verified: a code would be consumed for nothing.
            return Decision.NoChange(new MfaChangeResult(MfaChangeOutcome.RequiredByPolicy));
        }

        var proved = await Proof.ReadAsync(Context, Subject, proof, cancellationToken).ConfigureAwait(false);
        return proved.IsRefused
            ? Decision.NoChange(proved.Result(MfaChangeOutcome.ProofRefused))
            : await Context.Records.RunAsync(
                Subject,
                proved.Result(MfaChangeOutcome.Unavailable),
                (record, now, _) => new(Decide(record, proved, RandomId.CreateGuid(), Options, now)),
                proved.TokenFor(cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Decides on the current record, without side effects.</summary>
    private static Decision<MfaChangeResult> Decide(
        MfaRecord? record, Proof proof, Guid newStamp, MfaOptions options, DateTimeOffset now) =>
        proof.Refuse(record, options, now) is { } refusal
            ? Decision.NoChange(proof.Result(refusal))
            : Decision.Save(
                proof.Result(MfaChangeOutcome.Succeeded),
                record!.Ended(newStamp, reset: null, now),
                new MfaEvent { At = now, Kind = MfaEventKind.Disabled });
}
