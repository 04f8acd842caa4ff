using Callroute.Mfa.Recovery;

namespace Callroute.Mfa;

/// <summary>Contains the outcome of a change.</summary>
/// <remarks>Immutable and thread-safe. Serializers write no code.</remarks>
public sealed class MfaChangeResult : IChangeResult
{
    internal MfaChangeResult(
        MfaChangeOutcome outcome, VerificationResult? verification = null, IssuedRecoveryCodes? recoveryCodes = null) =>
        (Outcome, Verification, RecoveryCodes) = (outcome, verification, recoveryCodes);

    /// <summary>Whether the change is made and durable.</summary>
    public bool Succeeded => Outcome == MfaChangeOutcome.Succeeded;

    /// <summary>The outcome.</summary>
    public MfaChangeOutcome Outcome { get; }

    /// <summary>
    /// The result of the code that was the proof; null if the proof was no code. An accepted code is used, even if the change did not
    /// succeed: try again with its receipt, and show its replacement recovery codes.
    /// </summary>
    public VerificationResult? Verification { get; }

    /// <summary>New recovery codes, to be shown now; null if the change makes none.</summary>
    public IssuedRecoveryCodes? RecoveryCodes { get; }

    /// <summary>The authenticator that was bound; null if the change binds none.</summary>
    public Guid? AuthenticatorId { get; internal init; }

    /// <summary>How many wrong codes the enrolment still takes; 0 if it has ended. Input of the wrong form costs no try.</summary>
    public int TriesLeft { get; internal init; }
}
