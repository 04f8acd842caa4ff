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

    // The application's handler may have set the new principal to null, to end the session, or to another user.
    private void Keep(ClaimsPrincipal? current, ClaimsPrincipal? refreshed)
    {
        var options = signInOptions.Value;
        if (current?.HasClaim(claim => MfaClaims.Types.Contains(claim.Type)) != true
            || refreshed?.Identity is not ClaimsIdentity identity
            || refreshed.FindFirstValue(options.UserIdClaim) != current.FindFirstValue(options.UserIdClaim))
        {
            return;
        }

        foreach (var claim in refreshed.Claims.Where(options.IsReserved).ToArray())
        {
            claim.Subject?.RemoveClaim(claim);
        }

        identity.AddClaims(current.Claims.Where(options.IsReserved).Select(claim => claim.Clone()));
    }
}
