using Callroute.Mfa.Execution;
using Callroute.Mfa.Records;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Operations;

/// <summary>The proof of a change, after it was checked. A code is verified and consumed as at sign-in.</summary>
/// <param name="StepUp">The verification behind the proof; null if there is no proof, or if it was refused.</param>
/// <param name="Verification">The answer to the code; null if the proof was not a code.</param>
/// <param name="IsRefused">Whether a proof was given and refused.</param>
internal sealed record Proof(StepUp? StepUp, VerificationResult? Verification, bool IsRefused)
{
    public static Proof None { get; } = new(null, null, IsRefused: false);

    public static async ValueTask<Proof> ReadAsync(
        OperationContext context, MfaSubject subject, MfaProof? proof, CancellationToken cancellationToken)
    {
        if (proof is null)
        {
            return None;
        }

        if (proof.Receipt is { } receipt)
        {
            return Of(await context.Secrets.ReadReceiptAsync(subject, receipt, cancellationToken).ConfigureAwait(false), null);
        }

        // A proof gives no failures back. Otherwise, the owner's right code would give back the guesses of a thief who has the session.
        var verification = await new VerifyCode(context, subject, proof.Response, proof.Attempt, proof.KnownDevice, givesBack: false)
            .RunAsync(cancellationToken).ConfigureAwait(false);
        var stepUp = verification.Succeeded
            ? await context.Secrets.ReadReceiptAsync(subject, verification.Receipt, CancellationToken.None).ConfigureAwait(false)
            : null;
        return Of(stepUp is null ? null : stepUp with { IsOfThisCall = true }, verification);
    }

    /// <summary>Decides whether the proof allows a change.</summary>
    /// <returns>A refusal, or null if the proof is good.</returns>
    public MfaChangeOutcome? Refuse(MfaRecord? record, MfaOptions options, DateTimeOffset now)
    {
        if (record is not { IsEnabled: true })
        {
            return MfaChangeOutcome.NotEnrolled;
        }

        if (StepUp is null)
        {
            return MfaChangeOutcome.ProofRequired;
        }

        return StepUp.Proves(record, options, now) ? null : MfaChangeOutcome.ProofRefused;
    }

    /// <summary>The cancellation token for the change. If a code was consumed as proof, the change can no longer be cancelled.</summary>
    public CancellationToken TokenFor(CancellationToken cancellationToken) =>
        Verification is { Succeeded: true } ? CancellationToken.None : cancellationToken;

    public MfaChangeResult Result(MfaChangeOutcome outcome, IssuedRecoveryCodes? issued = null) => new(outcome, Verification, issued);

    private static Proof Of(StepUp? stepUp, VerificationResult? verification) => new(stepUp, verification, IsRefused: stepUp is null);
}
