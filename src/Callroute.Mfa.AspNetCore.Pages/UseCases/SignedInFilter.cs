using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>Asks a user to sign in again whose session is not enough any more: it began without MFA, and the user has MFA now.</summary>
internal sealed class SignedInFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var services = context.HttpContext.RequestServices;
        return await services.GetRequiredService<MfaAccount>().RequiresSignInAsync(context.HttpContext).ConfigureAwait(false)
            ? SignIn.Again(context.HttpContext, services.GetRequiredService<PageResponder>())
            : await next(context).ConfigureAwait(false);
    }
}
