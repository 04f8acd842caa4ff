using Microsoft.AspNetCore.Builder;

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
}
