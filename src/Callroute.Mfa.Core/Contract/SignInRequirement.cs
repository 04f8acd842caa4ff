namespace Callroute.Mfa;

/// <summary>Names the requirement of a sign-in after the first factor.</summary>
public enum SignInRequirement
{
    /// <summary>Neither the record nor the host requires MFA.</summary>
    NotRequired,

    /// <summary>Ask for a code and call <see cref="MfaService.VerifyAsync"/>.</summary>
    Required,

    /// <summary>The host requires MFA, and the record says that it was disabled or reset: let the user enrol, and nothing else.</summary>
    EnrollmentRequired,

    /// <summary>
    /// Unknown: the store failed, or the host requires MFA and there is no record of it. Refuse the sign-in.
    /// </summary>
    Unavailable,
}
