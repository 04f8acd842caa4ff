using Callroute.Mfa.Recovery;

namespace Callroute.Mfa;

/// <summary>Holds how a change ended.</summary>
/// <remarks>Immutable and thread-safe. Serializers tell no code.</remarks>
public sealed class MfaChangeResult
{
    internal MfaChangeResult(MfaChangeOutcome outcome, VerificationResult? verification = null, IssuedRecoveryCodes? recoveryCodes = null) =>
        (Outcome, Verification, RecoveryCodes) = (outcome, verification, recoveryCodes);

    /// <summary>Whether the change is made and durable.</summary>
    public bool Succeeded => Outcome == MfaChangeOutcome.Succeeded;

    /// <summary>How it ended.</summary>
    public MfaChangeOutcome Outcome { get; }

    /// <summary>
    /// The answer to a code that was the proof; null without one. Where the code was accepted, it is used up whatever the
    /// outcome: try again with its receipt, and show its replacement recovery codes.
    /// </summary>
    public VerificationResult? Verification { get; }

    /// <summary>New recovery codes, to be shown now; null where the change makes none.</summary>
    public IssuedRecoveryCodes? RecoveryCodes { get; }
}
