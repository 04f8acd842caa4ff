namespace Callroute.Mfa;

/// <summary>Names the outcome of a change to a subject's MFA.</summary>
/// <remarks>"Nothing was changed" concerns the change: an accepted code that was its proof is used up.</remarks>
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

    /// <summary>
    /// Other requests kept changing the record, or there is no record although the caller has what only a record gives, such as a receipt.
    /// Nothing was changed; try again.
    /// </summary>
    Unavailable,

    /// <summary>Recovery codes were regenerated too often: 5 times, one of them is regained every hour. Nothing was changed.</summary>
    Throttled,

    /// <summary>
    /// This node's clock is more than 5 minutes behind the record's last write. Nothing was changed. If the last write was made by a wrong
    /// clock, <see cref="MfaService.UnlockAsync"/> and <see cref="MfaService.ResetAsync"/> repair its time.
    /// </summary>
    ClockBehind,

    /// <summary>
    /// The session may not enrol a first authenticator: it began before MFA was disabled or reset, the time when it began is unknown, or
    /// the time to enrol after the reset is over.
    /// </summary>
    SignInRequired,

    /// <summary>The application's policy requires MFA, so the user cannot disable it. An administrator may reset it.</summary>
    RequiredByPolicy,

    /// <summary>
    /// A factor has failed 100 times in a row, so <see cref="MfaService.UnlockAsync"/> cannot unlock it. A new authenticator, new recovery
    /// codes or <see cref="MfaService.ResetAsync"/> end this lockout. All other waits and lockouts have ended.
    /// </summary>
    LockedOut,

    /// <summary>An authenticator or recovery codes are or were bound, or the user was reset: nothing is imported over them.</summary>
    AlreadyEnrolled,

    /// <summary>The same secret, or a set of recovery codes, was imported before. Nothing was changed.</summary>
    AlreadyImported,

    /// <summary>
    /// The secret has fewer than 10 bytes, its codes have too few digits, or the recovery codes are not safe enough or not different.
    /// Nothing was changed.
    /// </summary>
    NotImportable,
}
