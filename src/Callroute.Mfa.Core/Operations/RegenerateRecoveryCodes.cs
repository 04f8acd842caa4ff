using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Operations;

/// <summary>Issues new recovery codes: pending if an older set still works, otherwise active immediately.</summary>
internal sealed class RegenerateRecoveryCodes(OperationContext context, MfaSubject subject, MfaProof? proof)
    : ChangeOperation<MfaChangeResult>("regenerate_recovery_codes", context, subject)
{
    // Created once per call. Hashed again for the active set only if a failed compare-and-swap shows that the set has changed.
    private PreparedRecoveryCodes? _prepared;
    private (Guid ActiveSetId, PendingRecoveryCodes Codes)? _pending;

    protected override async ValueTask<Decision<MfaChangeResult>> ExecuteAsync(CancellationToken cancellationToken)
    {
        var proved = await Proof.ReadAsync(Context, Subject, proof, cancellationToken).ConfigureAwait(false);
        if (proved.IsRefused)
        {
            return Decision.NoChange(proved.Result(MfaChangeOutcome.ProofRefused));
        }

        cancellationToken = proved.TokenFor(cancellationToken);
        using var permit = await Context.Issuer.TryEnterAsync(cancellationToken).ConfigureAwait(false);
        return permit is null
            ? Decision.NoChange(proved.Result(MfaChangeOutcome.Busy))
            : await Context.Records.RunAsync(
                Subject,
                proved.Result(MfaChangeOutcome.Unavailable),
                (record, now, _) => DecideAsync(record, proved, permit, now),
                cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<Decision<MfaChangeResult>> DecideAsync(
        MfaRecord? record, Proof proved, RecoveryHashPermit permit, DateTimeOffset now)
    {
        // Check the proof before hashing: only a caller with a valid proof may cause a hash.
        if (proved.Refuse(record, Options, now) is { } refusal)
        {
            return Decision.NoChange(proved.Result(refusal));
        }

        _prepared ??= await Context.Issuer.PrepareAsync(permit, now).ConfigureAwait(false);
        var pending = await PrepareForAsync(record!.RecoveryCodes, _prepared, permit).ConfigureAwait(false);
        return Decide(record, _prepared, pending, proved, now);
    }

    /// <returns>The new codes as a pending set; null if there is no active set whose codes can be checked.</returns>
    private async ValueTask<PendingRecoveryCodes?> PrepareForAsync(
        RecoveryCodeSet? active, PreparedRecoveryCodes prepared, RecoveryHashPermit permit)
    {
        if (active is null || !Context.Issuer.CanCheck(active))
        {
            return null;
        }

        if (_pending?.ActiveSetId != active.SetId)
        {
            _pending = (active.SetId, await Context.Issuer.PreparePendingAsync(permit, prepared, active).ConfigureAwait(false));
        }

        return _pending!.Value.Codes;
    }

    /// <summary>Decides on the current record, without side effects.</summary>
    private static Decision<MfaChangeResult> Decide(
        MfaRecord record, PreparedRecoveryCodes prepared, PendingRecoveryCodes? pending, Proof proof, DateTimeOffset now)
    {
        var changed = pending is null
            ? record.WithNewSet(prepared.Set)
            : record with { PendingRecoveryCodes = pending with { ProvedBy = proof.StepUp!.AuthenticatorId } };
        return Decision.SaveProved(
            proof.Result(MfaChangeOutcome.Succeeded, prepared.Issued),
            changed,
            proof.StepUp,
            new MfaEvent { At = now, Kind = MfaEventKind.RecoveryCodesIssued });
    }
}
