using System.Security.Claims;
using Callroute.Mfa;
using Callroute.Mfa.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Callroute.Portal.Users;

/// <summary>
/// Ends sessions that began without MFA once their user has it or must have it, those of before an administrator's reset, those in other
/// browsers after a change of the user's MFA, and those of users who are gone.
/// </summary>
internal sealed class SessionCheck(UserTable users) : CookieAuthenticationEvents
{
    // As this request began, or as it wrote the session last.
    private (ClaimsPrincipal Principal, AuthenticationProperties Properties)? _session;

    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        var id = context.Principal?.FindFirstValue(ClaimTypes.NameIdentifier) ?? string.Empty;
        var user = await users.FindByAsync("id", id, context.HttpContext.RequestAborted);
        var mustHaveMfa = user is { IsEnrolled: true } or { Policy: MfaPolicy.Required };
        if (user is null || !context.Principal!.HasClaim(UserTable.StampClaim, user.Stamp)
            || (mustHaveMfa && !context.Principal.HasClaim(MfaClaims.Methods, MfaClaims.Mfa)))
        {
            context.RejectPrincipal();
        }
        else
        {
            _session = (context.Principal, context.Properties);
        }
    }

    public override Task SigningIn(CookieSigningInContext context)
    {
        _session = (context.Principal!, context.Properties);
        return Task.CompletedTask;
    }

    // A newer code helps only an administrator.
    public override Task RedirectToAccessDenied(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.HttpContext.User.HasClaim("portal", "administrator") ? base.RedirectToAccessDenied(context) : Task.CompletedTask;
    }

    /// <summary>Ends every session of the signed-in user but that of this request.</summary>
    public async Task EndOthersAsync(HttpContext context)
    {
        var (principal, properties) = _session ?? throw new InvalidOperationException("Nobody is signed in.");
        var stamp = await users.EndSessionsAsync(principal.FindFirstValue(ClaimTypes.NameIdentifier)!);
        var identity = ((ClaimsIdentity)principal.Identity!).Clone();
        identity.TryRemoveClaim(identity.FindFirst(UserTable.StampClaim));
        identity.AddClaim(new Claim(UserTable.StampClaim, stamp));
        await context.SignInAsync(new ClaimsPrincipal(identity), properties);
    }
}
