namespace Callroute.Mfa;

/// <summary>Says how a change to a subject's MFA ended.</summary>
public enum MfaChangeOutcome
{
    /// <summary>The change is made and durable.</summary>
    Succeeded,

    /// <summary>The subject has MFA, so the change wants a proof.</summary>
    ProofRequired,

    /// <summary>The proof was refused: a code that was not accepted (<see cref="MfaChangeResult.Verification"/> says why), or a receipt that is old, foreign, or of an authenticator that is suspended or removed.</summary>
    ProofRefused,

    /// <summary>The subject has no MFA.</summary>
    NotEnrolled,

    /// <summary>There is no such authenticator, enrolment or set of recovery codes.</summary>
    NotFound,

    /// <summary>The enrolment has ended: its time or its tries are over. Begin again.</summary>
    Expired,

    /// <summary>The code to confirm with is wrong.</summary>
    WrongCode,

    /// <summary>The user has as many authenticators as are allowed: replace one.</summary>
    LimitReached,

    /// <summary>The last authenticator cannot be removed: disable MFA, or replace it.</summary>
    LastAuthenticator,

    /// <summary>Too many recovery codes are being hashed. Nothing was changed; try again.</summary>
    Busy,

    /// <summary>Others kept changing the record, so nothing was changed; try again.</summary>
    Unavailable,
}
