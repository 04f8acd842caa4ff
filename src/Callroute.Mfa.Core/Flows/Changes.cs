using Callroute.Mfa.Records;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Flows;

/// <summary>Changes what is bound: everything after enrolment that is not a sign-in.</summary>
internal sealed class Changes(SwapLoop loop, ProofReader proofs, RecoveryCodeIssuer issuer, IRecoveryCodeHasher hasher, MfaOptions options)
{
    private const int MaximumReasonLength = 200;

    public ValueTask<MfaChangeResult> RemoveAuthenticatorAsync(MfaSubject subject, Guid authenticatorId, MfaProof? proof, CancellationToken cancellationToken) =>
        ProveAndRunAsync(subject, proof, (record, proved, now) => RemoveAuthenticator.Decide(record, authenticatorId, proved, options, now), cancellationToken);

    public ValueTask<MfaChangeResult> DisableAsync(MfaSubject subject, MfaProof? proof, CancellationToken cancellationToken) =>
        ProveAndRunAsync(subject, proof, (record, proved, now) => Unbind.Disable(record, proved, RandomId.CreateGuid(), options, now), cancellationToken);

    public ValueTask<MfaChangeResult> ResetAsync(MfaSubject subject, string reason, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        var cleaned = DisplayText.Clean(reason, MaximumReasonLength);
        return RunAsync(subject, ProvedProof.None, (record, now) => Unbind.Reset(record, cleaned, RandomId.CreateGuid(), now), cancellationToken);
    }

    public ValueTask<MfaChangeResult> AcknowledgeAsync(MfaSubject subject, Guid generation, CancellationToken cancellationToken) =>
        RunAsync(subject, ProvedProof.None, (record, now) => AcknowledgeRecoveryCodes.Decide(record, generation, now), cancellationToken);

    public async ValueTask<MfaChangeResult> RegenerateAsync(MfaSubject subject, MfaProof? proof, CancellationToken cancellationToken)
    {
        var proved = await proofs.ReadAsync(subject, proof, cancellationToken).ConfigureAwait(false);
        if (proved.IsRefused)
        {
            return new MfaChangeResult(MfaChangeOutcome.ProofRefused, proved.Verification);
        }

        using var permit = await hasher.TryEnterAsync(cancellationToken).ConfigureAwait(false);
        return permit is null
            ? new MfaChangeResult(MfaChangeOutcome.Busy, proved.Verification)
            : await RegenerateAsync(subject, proved, permit, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<MfaChangeResult> RegenerateAsync(MfaSubject subject, ProvedProof proved, IRecoveryHashPermit permit, CancellationToken cancellationToken)
    {
        PreparedRecoveryCodes? prepared = null;
        (Guid Generation, PendingRecoveryCodes Codes)? interim = null;
        var outcome = await loop.RunAsync(
            subject,
            MfaChangeOutcome.Unavailable,
            async (record, now) =>
            {
                // Before the hashes, which only a proof may cost.
                if (Proof.Refuse(record, proved.StepUp, options, now) is { } refusal)
                {
                    return Decision.Keep(refusal);
                }

                prepared ??= await issuer.PrepareAsync(permit, now).ConfigureAwait(false);
                if (record!.RecoveryCodes is { } active && interim?.Generation != active.Generation)
                {
                    interim = (active.Generation, await issuer.PrepareInterimAsync(permit, prepared, active).ConfigureAwait(false));
                }

                return RegenerateRecoveryCodes.Decide(record, prepared, record.RecoveryCodes is null ? null : interim!.Value.Codes, now);
            },
            cancellationToken).ConfigureAwait(false);
        return new MfaChangeResult(outcome, proved.Verification, outcome == MfaChangeOutcome.Done ? prepared!.Issued : null);
    }

    private async ValueTask<MfaChangeResult> ProveAndRunAsync(MfaSubject subject, MfaProof? proof, Func<MfaRecord, StepUp?, DateTimeOffset, Decision<MfaChangeOutcome>> decide, CancellationToken cancellationToken)
    {
        var proved = await proofs.ReadAsync(subject, proof, cancellationToken).ConfigureAwait(false);
        return proved.IsRefused
            ? new MfaChangeResult(MfaChangeOutcome.ProofRefused, proved.Verification)
            : await RunAsync(subject, proved, (record, now) => decide(record, proved.StepUp, now), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<MfaChangeResult> RunAsync(MfaSubject subject, ProvedProof proved, Func<MfaRecord, DateTimeOffset, Decision<MfaChangeOutcome>> decide, CancellationToken cancellationToken)
    {
        var outcome = await loop.RunAsync(
            subject,
            MfaChangeOutcome.Unavailable,
            (record, now) => new(record is null ? Decision.Keep(MfaChangeOutcome.NotEnrolled) : decide(record, now)),
            cancellationToken).ConfigureAwait(false);
        return new MfaChangeResult(outcome, proved.Verification);
    }
}
