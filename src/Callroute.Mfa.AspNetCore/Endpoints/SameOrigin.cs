using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Recognises cross-site requests: every current browser sends the origin of a request.</summary>
/// <remarks>
/// This is in addition to same-site cookies. Clients that are not browsers do not send these headers. They send only the cookies that they
/// were given.
/// </remarks>
internal static class SameOrigin
{
    /// <summary>Whether the request is a read, or comes from this site or directly from the user.</summary>
    public static bool Allows(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return true;
        }

        var (site, origin) = (request.Headers["Sec-Fetch-Site"], request.Headers.Origin);
        if (site.Count > 0)
        {
            // "none" means that the user started the request, for example by a bookmark. No site can make a browser send it.
            return site is ["same-origin" or "none"];
        }

        return origin.Count == 0
            || (origin is [{ } only] && string.Equals(only, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase));
    }

    public static IResult Refusal() =>
        TypedResults.Problem(
            statusCode: StatusCodes.Status403Forbidden,
            title: "The request comes from another site.",
            type: "urn:callroute:mfa:cross-site");
}
