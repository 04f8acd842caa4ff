using Callroute.Mfa.Records;

namespace Callroute.Mfa.Flows;

/// <summary>What became of a proof: what it proves, and the answer to the code that it was.</summary>
internal sealed record ProvedProof(StepUp? StepUp, VerificationResult? Verification, bool IsRefused)
{
    /// <summary>The token for the change: once its code is consumed, the change runs to its end.</summary>
    public CancellationToken TokenFor(CancellationToken cancellationToken) =>
        Verification is { Succeeded: true } ? CancellationToken.None : cancellationToken;

    public static ProvedProof None { get; } = new(null, null, IsRefused: false);
}
