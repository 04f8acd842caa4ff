using System.Security.Claims;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Throttling;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Holds the settings as configuration binds them, from the section <see cref="Section"/>; checked when the application starts.</summary>
/// <remarks>Not thread-safe; not changed after the start. Only <see cref="Issuer"/> has no default.</remarks>
public sealed class MfaSettings
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Callroute:Mfa";

    /// <inheritdoc cref="MfaOptions.Issuer"/>
    public string Issuer { get; set; } = string.Empty;

    /// <summary>The hash of new authenticators.</summary>
    /// <value>The default is SHA-1, which is all that many apps know.</value>
    public OtpAlgorithm Algorithm { get; set; } = OtpAlgorithm.Sha1;

    /// <summary>How many digits the codes of new authenticators have.</summary>
    /// <value>6–8, or 4–8 with <see cref="AllowShortCodes"/>; the default is 6.</value>
    public int Digits { get; set; } = 6;

    /// <summary>How long a code of a new authenticator is shown.</summary>
    /// <value>15–300 whole seconds; the default is 30 s.</value>
    public TimeSpan Period { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many time steps before the current one are accepted.</summary>
    /// <value>0–2; the default is 1.</value>
    public int PastSteps { get; set; } = 1;

    /// <summary>How many time steps after the current one are accepted.</summary>
    /// <value>0–1; the default is 1.</value>
    public int FutureSteps { get; set; } = 1;

    /// <inheritdoc cref="MfaOptions.AllowShortCodes"/>
    public bool AllowShortCodes { get; set; }

    /// <inheritdoc cref="MfaOptions.MaximumAuthenticators"/>
    public int MaximumAuthenticators { get; set; } = 2;

    /// <inheritdoc cref="MfaOptions.EnrollmentLifetime"/>
    public TimeSpan EnrollmentLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <inheritdoc cref="MfaOptions.EnrollmentTries"/>
    public int EnrollmentTries { get; set; } = 5;

    /// <inheritdoc cref="MfaOptions.StepUpAge"/>
    public TimeSpan StepUpAge { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How failures of authenticator codes are throttled.</summary>
    public ThrottleSettings TotpThrottle { get; } = new() { SuspendAt = ThrottlePolicy.Totp.SuspendAt };

    /// <summary>How failures of recovery codes are throttled.</summary>
    public ThrottleSettings RecoveryThrottle { get; } = new();

    /// <summary>How many recovery codes a set has.</summary>
    /// <value>1–16; the default is 1.</value>
    public int RecoveryCodeCount { get; set; } = 1;

    /// <summary>Whether using a recovery code replaces the whole set.</summary>
    /// <value>The default is true.</value>
    public bool RegenerateOnUse { get; set; } = true;

    /// <summary>The peppers of recovery codes. Set in code: configuration does not bind it.</summary>
    /// <value>The default is null, no pepper.</value>
    public KeyRing? Peppers { get; set; }

    /// <summary>How long a person has between the password and the code.</summary>
    /// <value>1 min–1 h; the default is 10 min.</value>
    public TimeSpan ChallengeLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The authentication scheme that signs users in and knows who is signed in.</summary>
    /// <value>The default is null: the application's default scheme.</value>
    public string? SignInScheme { get; set; }

    /// <summary>The type of the claim that holds the user's id, in the sign-in scheme.</summary>
    /// <value>The default is <c>ClaimTypes.NameIdentifier</c>.</value>
    public string UserIdClaim { get; set; } = ClaimTypes.NameIdentifier;

    /// <summary>The type of the claim that holds the user's tenant.</summary>
    /// <value>The default is null: there are no tenants.</value>
    public string? TenantClaim { get; set; }
}
