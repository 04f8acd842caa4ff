using System.Diagnostics.CodeAnalysis;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa;

/// <summary>Holds how the confirmation of an enrolment ended.</summary>
/// <remarks>Immutable and thread-safe. Serializers tell no code.</remarks>
public sealed class EnrollmentResult
{
    internal EnrollmentResult(MfaChangeOutcome outcome, int triesLeft = 0, Guid? authenticatorId = null, IssuedRecoveryCodes? recoveryCodes = null) =>
        (Outcome, TriesLeft, AuthenticatorId, RecoveryCodes) = (outcome, triesLeft, authenticatorId, recoveryCodes);

    /// <summary>Whether the authenticator is bound.</summary>
    [MemberNotNullWhen(true, nameof(AuthenticatorId))]
    public bool Succeeded => Outcome == MfaChangeOutcome.Succeeded;

    /// <summary>How it ended.</summary>
    public MfaChangeOutcome Outcome { get; }

    /// <summary>How many wrong codes the enrolment still takes; 0 means that it has ended. Input of the wrong form costs none.</summary>
    public int TriesLeft { get; }

    /// <summary>The bound authenticator; null when there is none.</summary>
    public Guid? AuthenticatorId { get; }

    /// <summary>The first recovery codes, to be shown now; null where the subject has a set already.</summary>
    public IssuedRecoveryCodes? RecoveryCodes { get; }
}
