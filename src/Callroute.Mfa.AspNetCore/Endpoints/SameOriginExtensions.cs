using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Protects the application's own pages as <see cref="MfaEndpointExtensions.MapMfaEndpoints"/> protects its endpoints.</summary>
public static class SameOriginExtensions
{
    /// <summary>
    /// Refuses cross-origin requests of browsers, except GET and HEAD, those of <see cref="MfaSignInOptions.AllowedOrigins"/>, and those
    /// with a bearer token. It reads <c>Sec-Fetch-Site</c>, or <c>Origin</c> if that header is missing. Antiforgery tokens are bound to the
    /// user, and the user changes when a code is accepted. With such tokens, a user could not refresh or submit the page with the
    /// replacement recovery codes. Pages with the referrer policy <c>no-referrer</c> have no <c>Origin</c>: use <c>same-origin</c>.
    /// </summary>
    /// <param name="app">The application. Call it before the pages are mapped.</param>
    /// <returns>The application.</returns>
    public static IApplicationBuilder UseSameOrigin(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.Use(
            (context, next) => SameOrigin.Allows(context.Request) ? next(context) : SameOrigin.Refuse(context).ExecuteAsync(context));
    }

    /// <summary>
    /// Protects pages that only this site and its users may call, as those of an administrator: refuses cross-origin requests of browsers,
    /// except GET and HEAD, also those of <see cref="MfaSignInOptions.AllowedOrigins"/>. No CORS policy lets other origins read them. They
    /// are <c>Cache-Control: no-store</c>, and not in the output cache.
    /// </summary>
    /// <typeparam name="TBuilder">The type of the endpoints.</typeparam>
    /// <param name="endpoints">The endpoints.</param>
    /// <returns>The endpoints.</returns>
    public static TBuilder RequireSameOrigin<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.Add(endpoint => Guard(endpoint, SameOrigin.IsOwn, new AllowedOrigins.Endpoint(IsForOrigins: false)));
        return endpoints;
    }

    // An endpoint filter would run too late if the body cannot be read.
    internal static void Guard(EndpointBuilder endpoint, Func<HttpRequest, bool> allows, AllowedOrigins.Endpoint origins)
    {
        endpoint.Metadata.Add(origins);

        // The output cache does not look at the header. It would give the page of a user who is half signed in to others.
        endpoint.Metadata.Add(new OutputCacheAttribute { NoStore = true });
        var next = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = context =>
        {
            context.Response.Headers.CacheControl = "no-store";
            return allows(context.Request) ? next(context) : SameOrigin.Refuse(context).ExecuteAsync(context);
        };
    }
}
