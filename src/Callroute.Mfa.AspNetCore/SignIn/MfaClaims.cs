namespace Callroute.Mfa.AspNetCore;

/// <summary>Names the claims that a sign-in adds.</summary>
public static class MfaClaims
{
    /// <summary>
    /// How the user signed in (RFC 8176), one claim each: <see cref="Password"/>, <see cref="Otp"/>, <see cref="Recovery"/>,
    /// <see cref="Remembered"/>, <see cref="Mfa"/>.
    /// </summary>
    public const string Methods = "amr";

    /// <summary>When the user signed in, in seconds since the Unix epoch (OpenID Connect Core §2).</summary>
    public const string SignInTime = "auth_time";

    /// <summary>
    /// When the user last passed MFA in this session, in seconds since the Unix epoch. If the session began in a remembered browser: when
    /// the code was verified there, before this session.
    /// </summary>
    public const string MfaTime = "mfa_time";

    /// <summary>The first factor.</summary>
    public const string Password = "pwd";

    /// <summary>A code of an authenticator app.</summary>
    public const string Otp = "otp";

    /// <summary>A recovery code. RFC 8176 has no name for it.</summary>
    public const string Recovery = "recovery";

    /// <summary>A browser in which the user asked for no code for a while. RFC 8176 has no name for it.</summary>
    public const string Remembered = "remembered";

    /// <summary>More than one factor.</summary>
    public const string Mfa = "mfa";

    /// <summary>The types of these claims.</summary>
    internal static IEnumerable<string> Types => [Methods, SignInTime, MfaTime];
}
