using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Pages;

/// <summary>
/// Asks a user to sign in again whose session is not enough: it began without MFA, and the user has MFA now, or it does not say when it
/// began.
/// </summary>
internal sealed class SignedInFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var services = context.HttpContext.RequestServices;
        return await services.GetRequiredService<MfaAccount>().RequiresSignInAsync(context.HttpContext).ConfigureAwait(false)
            || await services.GetRequiredService<PageUser>().FindOwnerAsync(context.HttpContext).ConfigureAwait(false) is null
            ? SignIn.Again(context.HttpContext, services.GetRequiredService<PageResponder>())
            : await next(context).ConfigureAwait(false);
    }
}
