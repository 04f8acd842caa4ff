using Microsoft.AspNetCore.Http;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Tells what another site makes a browser send: every browser of today says where a request comes from.</summary>
/// <remarks>The cookies are same-site beside it. A client that is no browser sends neither header, and no cookie that it was not given.</remarks>
internal static class SameOrigin
{
    /// <summary>Whether the request changes nothing, or comes from this site or from nobody but the user.</summary>
    public static bool Allows(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return true;
        }

        var (site, origin) = (request.Headers["Sec-Fetch-Site"], request.Headers.Origin);
        if (site.Count > 0)
        {
            // None is the user's own doing, such as a reload after the browser was closed. No site can make a browser say it.
            return site is ["same-origin" or "none"];
        }

        return origin.Count == 0 || (origin is [{ } only] && string.Equals(only, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase));
    }

    public static IResult Refusal() =>
        TypedResults.Problem(statusCode: StatusCodes.Status403Forbidden, title: "The request comes from another site.", type: "urn:callroute:mfa:cross-site");
}
