namespace Callroute.Mfa;

/// <summary>Says whether a sign-in needs MFA after the first factor.</summary>
public enum SignInRequirement
{
    /// <summary>Neither the record nor the host asks for MFA.</summary>
    NotRequired,

    /// <summary>Ask for a code and call <see cref="MfaService.VerifyAsync"/>.</summary>
    Required,

    /// <summary>The host asks for MFA and the record says that it was disabled or reset: let the user enrol, and do nothing else.</summary>
    EnrollmentRequired,

    /// <summary>It cannot be told: the store failed, or the host asks for MFA and the record does not say that there was any. Refuse the sign-in.</summary>
    Unavailable,
}
