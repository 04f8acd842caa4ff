namespace Callroute.Mfa.AspNetCore;

/// <summary>Names the next step after the first factor.</summary>
public enum MfaSignInStep
{
    /// <summary>The user is signed in: they have no MFA, or this browser is remembered and they need no code.</summary>
    SignedIn,

    /// <summary>The user is half signed in: ask for a code and call <see cref="MfaSignIn.VerifyAsync"/>.</summary>
    CodeRequired,

    /// <summary>
    /// The user is half signed in: they must have MFA and have none, or an administrator has reset it. Let them only enrol, by
    /// <see cref="MfaAccount"/>.
    /// </summary>
    EnrollmentRequired,

    /// <summary>
    /// No user is signed in: the user is unknown, their MFA record is lost, they did not enrol in time after a reset, or the store failed.
    /// </summary>
    Refused,
}
