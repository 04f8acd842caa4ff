using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;

namespace Callroute.Mfa.Operations;

/// <summary>A change that the user proves. Reads the proof first, and decides only if the record accepts it.</summary>
internal abstract class ProvedChange(string name, OperationContext context, MfaSubject subject, MfaProof? proof)
    : ChangeOperation<MfaChangeResult>(name, context, subject)
{
    protected override async ValueTask<Decision<MfaChangeResult>> ExecuteAsync(CancellationToken cancellationToken)
    {
        var proved = await Proof.ReadAsync(Context, Subject, proof, cancellationToken).ConfigureAwait(false);
        return proved.IsRefused
            ? Decision.NoChange(proved.Result(MfaChangeOutcome.ProofRefused))
            : await Context.Records.RunAsync(
                Subject,
                proved.Result(MfaChangeOutcome.Unavailable),
                (record, now, _) => new(proved.Refuse(record, Options, now) is { } refusal
                    ? Decision.NoChange(proved.Result(refusal))
                    : Change(record!, proved, now)),
                proved.TokenFor(cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Decides on the current record, after it has accepted the proof.</summary>
    protected abstract Decision<MfaChangeResult> Change(MfaRecord record, Proof proof, DateTimeOffset now);
}
