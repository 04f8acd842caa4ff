namespace Callroute.Mfa;

/// <summary>Names the requirement of a sign-in after the first factor.</summary>
public enum SignInRequirement
{
    /// <summary>Neither the record nor the host requires MFA.</summary>
    NotRequired,

    /// <summary>Ask for a code and call <see cref="MfaService.VerifyAsync"/>.</summary>
    Required,

    /// <summary>The host requires MFA, but the record says that it was disabled or reset. Let the user only enrol.</summary>
    EnrollmentRequired,

    /// <summary>
    /// The requirement is unknown: the store failed, or the host requires MFA and the user has no record. Refuse the sign-in.
    /// </summary>
    Unavailable,
}
