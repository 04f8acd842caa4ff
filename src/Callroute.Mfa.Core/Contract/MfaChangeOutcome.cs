namespace Callroute.Mfa;

/// <summary>Names the outcome of a change to a subject's MFA.</summary>
public enum MfaChangeOutcome
{
    /// <summary>The change is made and durable.</summary>
    Succeeded,

    /// <summary>The subject has MFA, so the change needs a proof.</summary>
    ProofRequired,

    /// <summary>
    /// The proof was refused. <see cref="MfaChangeResult.Verification"/> contains the reason if the proof was a code. A receipt is refused
    /// if it is too old, if it belongs to another user, if its authenticator is removed, or while its factor is locked out on the devices
    /// that it comes from.
    /// </summary>
    ProofRefused,

    /// <summary>The subject has no MFA.</summary>
    NotEnrolled,

    /// <summary>There is no such authenticator, enrolment, known device or set of recovery codes.</summary>
    NotFound,

    /// <summary>The enrolment has ended: its lifetime is over, or all its tries are used. Begin again.</summary>
    Expired,

    /// <summary>The confirmation code is wrong.</summary>
    WrongCode,

    /// <summary>The user has the maximum number of authenticators: replace one.</summary>
    LimitReached,

    /// <summary>The last authenticator cannot be removed: disable MFA, or replace it.</summary>
    LastAuthenticator,

    /// <summary>Too many recovery codes are being hashed. Nothing was changed; try again.</summary>
    Busy,

    /// <summary>Other requests kept changing the record. Nothing was changed; try again.</summary>
    Unavailable,

    /// <summary>
    /// The user must sign in again before they enrol: their session began before their MFA was disabled or reset.
    /// </summary>
    SignInRequired,

    /// <summary>The application's policy requires MFA, so the user cannot disable it. An administrator may reset it.</summary>
    RequiredByPolicy,

    /// <summary>
    /// One of the factors has failed 100 times in a row. Only a new binding or <see cref="MfaService.ResetAsync"/> ends that. All other
    /// waits and lockouts are ended.
    /// </summary>
    LockedOut,
}
