namespace Callroute.Portal.Pages;

/// <summary>Why the sign-in starts again.</summary>
public enum SignInEnd
{
    Expired,
    Over,
    BeforeEnrollment,
}
