using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Refuses what another site makes a browser send.</summary>
internal sealed class SameOriginFilter : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        SameOrigin.Allows(context.HttpContext.Request) ? next(context) : new(SameOrigin.Refusal());
}
