using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Operations;

/// <summary>
/// Issues new recovery codes in two writes: pending if an older set still works, otherwise active immediately. The first write counts the
/// regeneration, so that a caller with a good proof causes few hashes, in however many requests at once.
/// </summary>
internal sealed class RegenerateRecoveryCodes(OperationContext context, MfaSubject subject, MfaProof? proof)
    : ChangeOperation<MfaChangeResult>("regenerate_recovery_codes", context, subject)
{
    private const int Allowance = 5;

    private static readonly TimeSpan RegainInterval = TimeSpan.FromHours(1);

    /// <summary>New codes.</summary>
    /// <param name="Prepared">The new set.</param>
    /// <param name="Pending">The new set as a pending one; null if there is no active set whose codes can be checked.</param>
    /// <param name="ActiveSetId">The active set that the codes were made for.</param>
    private sealed record NewCodes(PreparedRecoveryCodes Prepared, PendingRecoveryCodes? Pending, Guid? ActiveSetId)
    {
        public override string ToString() => nameof(NewCodes);
    }

    protected override async ValueTask<Decision<MfaChangeResult>> ExecuteAsync(CancellationToken cancellationToken)
    {
        var given = await Proof.ReadAsync(Context, Subject, proof, cancellationToken).ConfigureAwait(false);
        if (given.IsRefused)
        {
            return Decision.NoChange(given.Result(MfaChangeOutcome.ProofRefused));
        }

        var counted = await Context.Records.RunAsync(
            Subject,
            outcome => given.Result(outcome),
            async (record, now, token) =>
                Count(record, await given.CheckAsync(Context, record, token).ConfigureAwait(false), Options, now),
            given.TokenFor(cancellationToken)).ConfigureAwait(false);
        if (counted.Record is null)
        {
            return counted;
        }

        var codes = await HashAsync(counted.Record.RecoveryCodes).ConfigureAwait(false);
        return await Context.Records.RunAsync(
            Subject,
            outcome => given.Result(outcome),
            async (record, now, token) => codes is null
                ? Refund(record, given)
                : Decide(record, codes, await given.CheckAsync(Context, record, token).ConfigureAwait(false), Options, now),
            CancellationToken.None).ConfigureAwait(false);
    }

    /// <returns>The new codes; null if there was no permit.</returns>
    private async ValueTask<NewCodes?> HashAsync(RecoveryCodeSet? active)
    {
        using var permit = await Context.Issuer.TryEnterAsync(Subject).ConfigureAwait(false);
        if (permit is null)
        {
            return null;
        }

        var prepared = await Context.Issuer.PrepareAsync(permit, Context.Now).ConfigureAwait(false);
        var pending = active is not null && Context.Issuer.CanCheck(active)
            ? await Context.Issuer.PreparePendingAsync(permit, prepared, active).ConfigureAwait(false)
            : null;
        return new NewCodes(prepared, pending, active?.SetId);
    }

    /// <summary>The first write: it counts the regeneration if the proof is good.</summary>
    private static Decision<MfaChangeResult> Count(MfaRecord? record, Proof proof, MfaOptions options, DateTimeOffset now)
    {
        if (proof.Refuse(record, options, now) is { } refusal)
        {
            return Decision.NoChange(proof.Result(refusal));
        }

        var fullAt = (record!.RegenerationsFullAt > now ? record.RegenerationsFullAt.Value : now) + RegainInterval;
        return fullAt > now + Allowance * RegainInterval
            ? Decision.NoChange(proof.Result(MfaChangeOutcome.Throttled))
            : Decision.SaveKeepingAnswer(proof.Result(MfaChangeOutcome.Succeeded), record with { RegenerationsFullAt = fullAt });
    }

    private static Decision<MfaChangeResult> Refund(MfaRecord? record, Proof proof) => record is null
        ? Decision.NoChange(proof.Result(MfaChangeOutcome.Busy))
        : Decision.SaveKeepingAnswer(
            proof.Result(MfaChangeOutcome.Busy), record with { RegenerationsFullAt = record.RegenerationsFullAt - RegainInterval });

    /// <summary>The second write: it decides on the current record, without side effects.</summary>
    private static Decision<MfaChangeResult> Decide(
        MfaRecord? record, NewCodes codes, Proof proof, MfaOptions options, DateTimeOffset now)
    {
        if (proof.Refuse(record, options, now) is { } refusal)
        {
            return Decision.NoChange(proof.Result(refusal));
        }

        if (record!.RecoveryCodes?.SetId != codes.ActiveSetId)
        {
            // The set was replaced while we hashed, so the new codes cannot be checked beside it. Ask the caller to retry.
            return Decision.NoChange(proof.Result(MfaChangeOutcome.Unavailable));
        }

        var changed = codes.Pending is { } pending
            ? record with { PendingRecoveryCodes = pending with { ProvedBy = proof.StepUp!.BoundTo } }
            : record.WithNewSet(codes.Prepared.Set);
        return Decision.SaveProved(
            proof.Result(MfaChangeOutcome.Succeeded, codes.Prepared.Issued),
            changed,
            proof.StepUp,
            new MfaEvent { At = now, Kind = MfaEventKind.RecoveryCodesIssued });
    }
}
