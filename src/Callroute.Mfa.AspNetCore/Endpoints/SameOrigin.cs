using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Recognises cross-site requests: every current browser sends the origin of a request.</summary>
/// <remarks>
/// This is in addition to same-site cookies. Clients that are not browsers do not send these headers. They send only the cookies that they
/// were given.
/// </remarks>
internal static class SameOrigin
{
    private const int MaximumOrigin = 255;

    /// <summary>
    /// Whether the request is a read, has a bearer token, which no browser adds on its own, or comes from this site, from one of
    /// <see cref="MfaSignInOptions.AllowedOrigins"/>, or directly from the user.
    /// </summary>
    public static bool Allows(HttpRequest request) =>
        TokenRequest.Of(request.HttpContext) is not null || IsFromAllowed(request) || IsOwn(request);

    /// <summary>
    /// Whether the request is a read, or comes from this site or directly from the user. A bearer token changes nothing: the cookies of the
    /// request may be those that authorization reads.
    /// </summary>
    public static bool IsOwn(HttpRequest request)
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

    public static IResult Refuse(HttpContext context)
    {
        // A browser hides this answer from the page, so its developer reads the reason here.
        if (context.Request.Headers.Origin is [{ Length: <= MaximumOrigin } origin])
        {
            Log.OriginRefused(Log.Of(context), origin);
        }

        return Problems.Problem(StatusCodes.Status403Forbidden, "cross-site", "The request comes from another site.");
    }

    // No browser sends this header twice.
    private static bool IsFromAllowed(HttpRequest request) =>
        request.Headers.Origin is [{ } origin]
        && request.Headers["Sec-Fetch-Site"] is ([] or ["same-site" or "cross-site"])
        && request.HttpContext.RequestServices.GetRequiredService<IOptions<MfaSignInOptions>>().Value.AllowedOrigins.Contains(origin);
}
