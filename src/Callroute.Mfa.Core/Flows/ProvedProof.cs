using Callroute.Mfa.Records;

namespace Callroute.Mfa.Flows;

/// <summary>What became of a proof: what it proves, and the answer to the code that it was.</summary>
internal sealed record ProvedProof(StepUp? StepUp, VerificationResult? Verification, bool IsRefused)
{
    public static ProvedProof None { get; } = new(null, null, IsRefused: false);
}
