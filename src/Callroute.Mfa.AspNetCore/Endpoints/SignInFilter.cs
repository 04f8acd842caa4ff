using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Refuses a user who must sign in first.</summary>
/// <param name="isAdmitted">Whether the user may go on.</param>
internal sealed class SignInFilter(Func<MfaAccount, HttpContext, Task<bool>> isAdmitted) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var account = context.HttpContext.RequestServices.GetRequiredService<MfaAccount>();
        return await isAdmitted(account, context.HttpContext).ConfigureAwait(false)
            ? await next(context).ConfigureAwait(false)
            : Problems.SignInRequired;
    }
}
