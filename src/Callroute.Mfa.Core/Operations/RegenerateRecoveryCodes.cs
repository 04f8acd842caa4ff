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
    : IssuingChange("regenerate_recovery_codes", context, subject)
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

        return await IssueAsync(
            outcome => given.Result(outcome),
            prepared => (record, now, token) => DecideAsync(record, prepared, given, now, token),
            given.TokenFor(cancellationToken)).ConfigureAwait(false);
    }

    private async ValueTask<Decision<MfaChangeResult>> DecideAsync(
        MfaRecord? record, PreparedRecoveryCodes? prepared, Proof given, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var proved = await given.CheckAsync(Context, record, now, cancellationToken).ConfigureAwait(false);
        return (Refuse(record, proved, Options, now) ?? RefuseOther(record!, prepared)) is { } refusal
            ? Decision.Refuse(record, refusal, outcome => proved.Result(outcome))
            : Decide(record!, prepared!, proved, now);
    }

    private static MfaChangeOutcome? Refuse(MfaRecord? record, Proof proof, MfaOptions options, DateTimeOffset now) =>
        proof.Refuse(record, options, now)
        ?? (FullAt(record!, now) > LatestFullAt(now) ? MfaChangeOutcome.Throttled : null);

    // The new codes were hashed for the set that was active then. If another set is active now, ask the caller to retry.
    private static MfaChangeOutcome? RefuseOther(MfaRecord record, PreparedRecoveryCodes? prepared) =>
        prepared is null ? MfaChangeOutcome.Busy
        : record.RecoveryCodes?.SetId == prepared.Active?.SetId ? null
        : MfaChangeOutcome.Unavailable;

    /// <summary>The latest that <see cref="MfaRecord.RegenerationsFullAt"/> may be: the user has just used up all regenerations.</summary>
    internal static DateTimeOffset LatestFullAt(DateTimeOffset now) => now + Allowance * RegainInterval;

    /// <summary>When all regenerations are regained after one more.</summary>
    private static DateTimeOffset FullAt(MfaRecord record, DateTimeOffset now) =>
        (record.RegenerationsFullAt is { } fullAt && fullAt > now ? fullAt : now) + RegainInterval;

    /// <summary>Decides on the current record, without side effects.</summary>
    private static Decision<MfaChangeResult> Decide(
        MfaRecord record, PreparedRecoveryCodes prepared, Proof proof, DateTimeOffset now)
    {
        // If another request used the last code of the active set while we hashed, make the new set active at once.
        var changed = prepared.Pending is { } pending && record.HasRecoveryCodes
            ? record with { PendingRecoveryCodes = pending with { ProvedBy = proof.StepUp!.BoundTo } }
            : record.WithNewSet(prepared.Set);
        return Decision.SaveProved(
            proof.Result(MfaChangeOutcome.Succeeded, prepared.Issued),
            changed with { RegenerationsFullAt = FullAt(record, now) },
            proof.StepUp,
            new MfaEvent { At = now, Kind = MfaEventKind.RecoveryCodesIssued });
    }
}
