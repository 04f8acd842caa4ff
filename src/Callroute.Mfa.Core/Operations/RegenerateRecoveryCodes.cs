using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Operations;

/// <summary>Issues new recovery codes: pending if an older set still works, otherwise active immediately.</summary>
/// <remarks>
/// The proof is checked before the turn of the subject is taken, under the turn before codes are hashed, and with the write. So a caller
/// without a good proof costs no hash, and one with a good proof few, in however many requests at once.
/// </remarks>
internal sealed class RegenerateRecoveryCodes(OperationContext context, MfaSubject subject, MfaProof? proof)
    : ChangeOperation<MfaChangeResult>("regenerate_recovery_codes", context, subject)
{
    private const int Allowance = 5;

    private static readonly TimeSpan RegainInterval = TimeSpan.FromHours(1);

    protected override async ValueTask<Decision<MfaChangeResult>> ExecuteAsync(CancellationToken cancellationToken)
    {
        var given = await Proof.ReadAsync(Context, Subject, proof, cancellationToken).ConfigureAwait(false);
        if (given.IsRefused)
        {
            return Decision.NoChange(given.Result(MfaChangeOutcome.ProofRefused));
        }

        if (given.Verification?.ReplacementRecoveryCodes is { } replacement)
        {
            // The proof was a recovery code, which has just been replaced: these codes are new.
            return Decision.NoChange(given.Result(MfaChangeOutcome.Succeeded, replacement));
        }

        cancellationToken = given.TokenFor(cancellationToken);
        var allowed = await CheckAsync(given, cancellationToken).ConfigureAwait(false);
        if (allowed.Result.Refusal is { } refusal)
        {
            return allowed.WithResult(given.Result(refusal));
        }

        using var turn = await Context.Issuer.TryTakeTurnAsync(Subject).ConfigureAwait(false);
        return turn is null
            ? Decision.NoChange(given.Result(MfaChangeOutcome.Busy))
            : await RegenerateAsync(given, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<Decision<MfaChangeResult>> RegenerateAsync(Proof given, CancellationToken cancellationToken)
    {
        var allowed = await CheckAsync(given, cancellationToken).ConfigureAwait(false);
        if (allowed.Result.Refusal is { } refusal)
        {
            return allowed.WithResult(given.Result(refusal));
        }

        var active = allowed.Result.Active;
        var (prepared, pending) = await HashAsync(active).ConfigureAwait(false);
        return prepared is null
            ? Decision.NoChange(given.Result(MfaChangeOutcome.Busy))
            : await Context.Records.RunAsync(
                Subject,
                outcome => given.Result(outcome),
                async (record, now, token) =>
                {
                    var proved = await given.CheckAsync(Context, record, now, token).ConfigureAwait(false);
                    return (Refuse(record, proved, Options, now) ?? RefuseOther(record, active)) is { } outcome
                        ? Decision.NoChange(proved.Result(outcome))
                        : Decide(record!, prepared, pending, proved, now);
                },
                cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Checks whether the record allows a regeneration now. Writes nothing.</summary>
    private ValueTask<Decision<(RecoveryCodeSet? Active, MfaChangeOutcome? Refusal)>> CheckAsync(
        Proof given, CancellationToken cancellationToken) => Context.Records.RunAsync(
            Subject,
            outcome => (null, outcome),
            async (record, now, token) =>
            {
                var proved = await given.CheckAsync(Context, record, now, token).ConfigureAwait(false);
                return Decision.NoChange((record?.RecoveryCodes, Refuse(record, proved, Options, now)));
            },
            cancellationToken);

    /// <returns>New codes, also as a pending set if codes of the active set can be checked; null if there was no permit.</returns>
    private async ValueTask<(PreparedRecoveryCodes? Prepared, PendingRecoveryCodes? Pending)> HashAsync(RecoveryCodeSet? active)
    {
        using var permit = await Context.Issuer.TryEnterAsync().ConfigureAwait(false);
        if (permit is null)
        {
            return default;
        }

        var prepared = await Context.Issuer.PrepareAsync(permit, Context.Now).ConfigureAwait(false);
        return active is { Tags.Count: > 0 } && Context.Issuer.CanCheck(active)
            ? (prepared, await Context.Issuer.PreparePendingAsync(permit, prepared, active).ConfigureAwait(false))
            : (prepared, null);
    }

    private static MfaChangeOutcome? Refuse(MfaRecord? record, Proof proof, MfaOptions options, DateTimeOffset now) =>
        proof.Refuse(record, options, now)
        ?? (FullAt(record!, now) > LatestFullAt(now) ? MfaChangeOutcome.Throttled : null);

    // The new codes were hashed for the set that was active then. If another set is active now, ask the caller to retry.
    private static MfaChangeOutcome? RefuseOther(MfaRecord? record, RecoveryCodeSet? active) =>
        record?.RecoveryCodes?.SetId == active?.SetId ? null : MfaChangeOutcome.Unavailable;

    /// <summary>The latest time at which all regenerations are regained.</summary>
    internal static DateTimeOffset LatestFullAt(DateTimeOffset now) => now + Allowance * RegainInterval;

    /// <summary>When all regenerations are regained after one more.</summary>
    private static DateTimeOffset FullAt(MfaRecord record, DateTimeOffset now) =>
        (record.RegenerationsFullAt is { } fullAt && fullAt > now ? fullAt : now) + RegainInterval;

    /// <summary>Decides on the current record, without side effects.</summary>
    private static Decision<MfaChangeResult> Decide(
        MfaRecord record, PreparedRecoveryCodes prepared, PendingRecoveryCodes? pending, Proof proof, DateTimeOffset now)
    {
        // If another request used the last code of the active set while we hashed, make the new set active at once.
        var changed = pending is null || !record.HasRecoveryCodes
            ? record.WithNewSet(prepared.Set)
            : record with { PendingRecoveryCodes = pending with { ProvedBy = proof.StepUp!.BoundTo } };
        return Decision.SaveProved(
            proof.Result(MfaChangeOutcome.Succeeded, prepared.Issued),
            changed with { RegenerationsFullAt = FullAt(record, now) },
            proof.StepUp,
            new MfaEvent { At = now, Kind = MfaEventKind.RecoveryCodesIssued });
    }
}
