using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Admits a user who is signed in, or half signed in to enrol.</summary>
internal sealed class SubjectFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var account = context.HttpContext.RequestServices.GetRequiredService<MfaAccount>();
        return await account.FindSubjectAsync(context.HttpContext).ConfigureAwait(false) is null
            ? TypedResults.Unauthorized()
            : await next(context).ConfigureAwait(false);
    }
}
