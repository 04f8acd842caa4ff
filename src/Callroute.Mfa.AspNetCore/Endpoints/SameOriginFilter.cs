using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Refuses what another site makes a browser send: every browser of today says where a request comes from.</summary>
/// <remarks>The cookies are same-site beside it. A client that is no browser sends neither header, and no cookie that it was not given.</remarks>
internal sealed class SameOriginFilter : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        return HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || IsSameOrigin(request)
            ? next(context)
            : new(TypedResults.Problem(statusCode: StatusCodes.Status403Forbidden, title: "The request comes from another site.", type: "urn:callroute:mfa:cross-site"));
    }

    private static bool IsSameOrigin(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] is [{ } site])
        {
            return site == "same-origin";
        }

        return request.Headers.Origin is not [{ } origin] || string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
