using Callroute.Mfa.Records;

namespace Callroute.Mfa.Flows;

/// <summary>Reads proofs. A code becomes a receipt by being verified and consumed like at a sign-in.</summary>
internal sealed class ProofReader(SignIn signIn, SecretVault vault)
{
    public async ValueTask<ProvedProof> ReadAsync(MfaSubject subject, MfaProof? proof, CancellationToken cancellationToken)
    {
        if (proof is null)
        {
            return ProvedProof.None;
        }

        if (proof.Receipt is { } receipt)
        {
            return Proved(await vault.ReadAsync(subject, receipt, cancellationToken).ConfigureAwait(false), null);
        }

        var verification = await signIn.VerifyAsync(subject, proof.Response, proof.Attempt, cancellationToken).ConfigureAwait(false);
        var stepUp = verification.Succeeded ? await vault.ReadAsync(subject, verification.Receipt, CancellationToken.None).ConfigureAwait(false) : null;
        return Proved(stepUp is null ? null : stepUp with { IsOfThisCall = true }, verification);
    }

    private static ProvedProof Proved(StepUp? stepUp, VerificationResult? verification) => new(stepUp, verification, IsRefused: stepUp is null);
}
