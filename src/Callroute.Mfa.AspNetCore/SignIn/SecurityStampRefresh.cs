using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Keeps the claims of the sign-in when ASP.NET Core Identity makes the session's principal anew, every 30 minutes.</summary>
internal sealed class SecurityStampRefresh(IOptions<MfaSignInOptions> signInOptions) : IPostConfigureOptions<SecurityStampValidatorOptions>
{
    public void PostConfigure(string? name, SecurityStampValidatorOptions options)
    {
        var next = options.OnRefreshingPrincipal;
        options.OnRefreshingPrincipal = async context =>
        {
            if (next is not null)
            {
                await next(context).ConfigureAwait(false);
            }

            Keep(context.CurrentPrincipal, context.NewPrincipal);
        };
    }

    // The application's handler may have set the new principal to null, to end the session.
    private void Keep(ClaimsPrincipal? current, ClaimsPrincipal? refreshed)
    {
        if (current?.HasClaim(claim => claim.Type == MfaClaims.SignInTime) != true || refreshed?.Identity is not ClaimsIdentity identity)
        {
            return;
        }

        foreach (var claim in refreshed.Claims.Where(signInOptions.Value.IsReserved).ToArray())
        {
            claim.Subject?.RemoveClaim(claim);
        }

        identity.AddClaims(current.Claims.Where(signInOptions.Value.IsReserved).Select(claim => claim.Clone()));
    }
}
