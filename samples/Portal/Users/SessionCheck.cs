using System.Security.Claims;
using Callroute.Mfa;
using Callroute.Mfa.AspNetCore;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Callroute.Portal.Users;

/// <summary>
/// Ends sessions that began without MFA once their user has it or must have it, those of before an administrator's reset, and those of
/// users who are gone.
/// </summary>
internal sealed class SessionCheck(UserTable users) : CookieAuthenticationEvents
{
    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        var id = context.Principal?.FindFirstValue(ClaimTypes.NameIdentifier) ?? string.Empty;
        var user = await users.FindByIdAsync(id, context.HttpContext.RequestAborted);
        if (user is null
            || !context.Principal!.HasClaim(UserTable.StampClaim, user.Stamp)
            || ((user.IsEnrolled || user.Policy == MfaPolicy.Required)
                && !context.Principal.HasClaim(MfaClaims.Methods, MfaClaims.Mfa)))
        {
            context.RejectPrincipal();
        }
    }
}
