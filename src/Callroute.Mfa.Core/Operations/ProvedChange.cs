using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;

namespace Callroute.Mfa.Operations;

/// <summary>A change that the user proves. Reads the proof first, and decides only if the record accepts it.</summary>
internal abstract class ProvedChange(string name, OperationContext context, MfaSubject subject, MfaProof? proof)
    : ChangeOperation<MfaChangeResult>(name, context, subject)
{
    protected override async ValueTask<Decision<MfaChangeResult>> ExecuteAsync(CancellationToken cancellationToken)
    {
        var given = await Proof.ReadAsync(Context, Subject, proof, cancellationToken).ConfigureAwait(false);
        return given.IsRefused
            ? Decision.NoChange(given.Result(MfaChangeOutcome.ProofRefused))
            : await Context.Records.RunAsync(
                Subject,
                outcome => given.Result(outcome),
                (record, now, token) => DecideAsync(record, given, now, token),
                given.TokenFor(cancellationToken)).ConfigureAwait(false);
    }

    private async ValueTask<Decision<MfaChangeResult>> DecideAsync(
        MfaRecord? record, Proof given, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var proved = await given.CheckAsync(Context, record, now, cancellationToken).ConfigureAwait(false);
        return proved.Refuse(record, Options, now) is { } refusal
            ? Decision.Refuse(record, refusal, outcome => proved.Result(outcome))
            : Change(record!, proved, now);
    }

    /// <summary>Decides on the current record, after it has accepted the proof.</summary>
    protected abstract Decision<MfaChangeResult> Change(MfaRecord record, Proof proof, DateTimeOffset now);
}
