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
        Guard.NotNull(reason);
        var cleaned = DisplayText.Clean(reason, MaximumReasonLength);
        ArgumentException.ThrowIfNullOrEmpty(cleaned, nameof(reason));
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

        var decision = await RegenerateUnderPermitAsync(subject, proved, proved.TokenFor(cancellationToken)).ConfigureAwait(false);
        var (outcome, issued) = await loop.TellAsync(subject, decision).ConfigureAwait(false);
        return new MfaChangeResult(outcome, proved.Verification, issued);
    }

    // The permit ends before anybody is told: an event handler that is slow must not hold it.
    private async ValueTask<Decision<(MfaChangeOutcome Outcome, IssuedRecoveryCodes? Issued)>> RegenerateUnderPermitAsync(MfaSubject subject, ProvedProof proved, CancellationToken cancellationToken)
    {
        using var permit = await hasher.TryEnterAsync(cancellationToken).ConfigureAwait(false);
        if (permit is null)
        {
            return Decision.Keep<(MfaChangeOutcome, IssuedRecoveryCodes?)>((MfaChangeOutcome.Busy, null));
        }

        var sets = new NewSets(issuer, permit);
        return await loop.DecideAsync<(MfaChangeOutcome, IssuedRecoveryCodes?)>(
            subject,
            (MfaChangeOutcome.Unavailable, null),
            async (record, now) =>
            {
                // Before the hashes, which only a proof may cost.
                if (Proof.Refuse(record, proved.StepUp, options, now) is { } refusal)
                {
                    return Decision.Keep<(MfaChangeOutcome, IssuedRecoveryCodes?)>((refusal, null));
                }

                var (prepared, pending) = await sets.PrepareAsync(record!, now).ConfigureAwait(false);
                var decision = RegenerateRecoveryCodes.Decide(record!, prepared, pending, proved.StepUp, now);
                return new((decision.Outcome, prepared.Issued), decision.Record, decision.Events);
            },
            cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<MfaChangeResult> EraseAsync(MfaSubject subject, CancellationToken cancellationToken) =>
        new(await loop.EraseAsync(subject, cancellationToken).ConfigureAwait(false) switch
        {
            true => MfaChangeOutcome.Succeeded,
            false => MfaChangeOutcome.NotEnrolled,
            null => MfaChangeOutcome.Unavailable,
        });

    private async ValueTask<MfaChangeResult> ProveAndRunAsync(MfaSubject subject, MfaProof? proof, Func<MfaRecord, StepUp?, DateTimeOffset, Decision<MfaChangeOutcome>> decide, CancellationToken cancellationToken)
    {
        var proved = await proofs.ReadAsync(subject, proof, cancellationToken).ConfigureAwait(false);
        return proved.IsRefused
            ? new MfaChangeResult(MfaChangeOutcome.ProofRefused, proved.Verification)
            : await RunAsync(subject, proved, (record, now) => decide(record, proved.StepUp, now), proved.TokenFor(cancellationToken)).ConfigureAwait(false);
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
