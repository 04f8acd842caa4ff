using Microsoft.AspNetCore.Builder;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Protects the application's own pages as <see cref="MfaEndpointExtensions.MapMfaEndpoints"/> protects its endpoints.</summary>
public static class SameOriginExtensions
{
    /// <summary>
    /// Refuses every request but GET and HEAD that another origin makes a browser send, by <c>Sec-Fetch-Site</c>, or by <c>Origin</c> where
    /// that is missing.
    /// Antiforgery tokens are bound to the user, who changes between a code and what is shown after it: the page that shows
    /// replacement recovery codes could be neither refreshed nor answered with them.
    /// Pages with the referrer policy <c>no-referrer</c> have no <c>Origin</c>: use <c>same-origin</c>.
    /// </summary>
    /// <param name="app">The application. Call it before the pages are mapped.</param>
    /// <returns>The application.</returns>
    public static IApplicationBuilder UseSameOrigin(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.Use((context, next) => SameOrigin.Allows(context.Request) ? next(context) : SameOrigin.Refusal().ExecuteAsync(context));
    }
}
