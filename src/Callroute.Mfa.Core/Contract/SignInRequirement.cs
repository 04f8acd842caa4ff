namespace Callroute.Mfa;

/// <summary>Names the requirement of a sign-in after the first factor.</summary>
public enum SignInRequirement
{
    /// <summary>The user has no MFA and needs none.</summary>
    NotRequired,

    /// <summary>Ask for a code and call <see cref="MfaService.VerifyAsync"/>.</summary>
    Required,

    /// <summary>
    /// The user must have MFA and has none, or an administrator has reset it. Let the user enrol, and do nothing else until then.
    /// </summary>
    EnrollmentRequired,

    /// <summary>
    /// Refuse the sign-in: the store failed, the record of an enrolled user is lost or cannot be read, or the time to enrol after a reset
    /// is over. Unless the store failed, <see cref="MfaService.ResetAsync"/> lets the user enrol again.
    /// </summary>
    Unavailable,
}
