using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Operations;

/// <summary>The proof of a change. A code is verified and consumed as at sign-in; a receipt is checked against the record.</summary>
/// <param name="StepUp">The verification behind the proof; null if there is none, or if it was refused.</param>
/// <param name="Verification">The answer to the code; null if the proof was not a code.</param>
/// <param name="Receipt">The receipt; null if the proof was a code, or if there is none.</param>
internal sealed record Proof(StepUp? StepUp, VerificationResult? Verification, MfaReceipt? Receipt)
{
    /// <summary>Whether the code was refused.</summary>
    public bool IsRefused => Verification is { Succeeded: false };

    public static async ValueTask<Proof> ReadAsync(
        OperationContext context, MfaSubject subject, MfaProof? proof, CancellationToken cancellationToken)
    {
        if (proof?.Response is null)
        {
            return new(null, null, proof?.Receipt);
        }

        // A proof gives no failures back. Otherwise, the owner's right code would give back the guesses of a thief who has the session.
        var attempt = new CodeAttempt(proof.Attempt, proof.KnownDevice, GivesBack: false, BindingVersion: null);
        var verification = await new VerifyCode(context, subject, proof.Response, attempt).RunAsync(cancellationToken)
            .ConfigureAwait(false);
        var stepUp = verification.Receipt is { } issued ? RecordTokens.ContentOf(issued) with { IsOfThisCall = true } : null;
        return new(stepUp, verification, null);
    }

    /// <summary>Checks whether this record issued the receipt, if there is one.</summary>
    public async ValueTask<Proof> CheckAsync(
        OperationContext context, MfaRecord? record, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (Receipt is null || record is null)
        {
            return this;
        }

        using var tokens = context.Secrets.TokensOf(record);
        return this with { StepUp = await tokens.ReadReceiptAsync(Receipt, context.Options, now, cancellationToken).ConfigureAwait(false) };
    }

    /// <summary>Decides whether the proof allows a change.</summary>
    /// <returns>A refusal, or null if the proof is good.</returns>
    public MfaChangeOutcome? Refuse(MfaRecord? record, MfaOptions options, DateTimeOffset now)
    {
        if (record is not { IsEnabled: true })
        {
            // Only a record can have issued the receipt: this read is late, or the record is lost.
            return record is null && Receipt is not null ? MfaChangeOutcome.Unavailable : MfaChangeOutcome.NotEnrolled;
        }

        if (StepUp is null)
        {
            return Receipt is null ? MfaChangeOutcome.ProofRequired : MfaChangeOutcome.ProofRefused;
        }

        return StepUp.Proves(record, options, now) ? null : MfaChangeOutcome.ProofRefused;
    }

    /// <summary>The cancellation token for the change. If a code was consumed as proof, the change can no longer be cancelled.</summary>
    public CancellationToken TokenFor(CancellationToken cancellationToken) =>
        Verification is { Succeeded: true } ? CancellationToken.None : cancellationToken;

    public MfaChangeResult Result(MfaChangeOutcome outcome, IssuedRecoveryCodes? issued = null) => new(outcome, Verification, issued);
}
