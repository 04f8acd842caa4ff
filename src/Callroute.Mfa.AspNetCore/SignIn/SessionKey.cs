using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore;

/// <summary>Signs in under a new session key if the application keeps its sessions in a server-side store.</summary>
/// <remarks>
/// The cookie handler reads the key from the request's cookie and writes each ticket of the request under it. When it extends a sliding
/// session at the end of the response, it writes the old key again. So the handler of the request signs out, which removes the old key and
/// prevents the extension. Then a second handler signs in. It sees no cookies, so it makes a new key.
/// </remarks>
internal sealed class SessionKey(IAuthenticationSchemeProvider schemes, IOptionsMonitor<CookieAuthenticationOptions> cookies)
{
    /// <summary>Ends the session of the request.</summary>
    public async Task EndAsync(HttpContext context, string? scheme)
    {
        await context.SignOutAsync(scheme ?? (await schemes.GetDefaultSignInSchemeAsync().ConfigureAwait(false))?.Name)
            .ConfigureAwait(false);
        context.Items[typeof(SessionKey)] = true;
    }

    /// <summary>Replaces the session of the request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="scheme">The scheme that signs in; null for the default.</param>
    /// <param name="principal">The user.</param>
    /// <param name="properties">The properties of the session.</param>
    /// <param name="keepsKey">
    /// Whether the session keeps its key, because the response shows recovery codes: if it is lost, the browser must be able to ask again.
    /// </param>
    public async Task SignInAsync(
        HttpContext context, string? scheme, ClaimsPrincipal principal, AuthenticationProperties properties, bool keepsKey = false)
    {
        if (keepsKey || !await HasStoreAsync().ConfigureAwait(false))
        {
            await context.SignInAsync(scheme, principal, properties).ConfigureAwait(false);
            return;
        }

        // Remove a key only once: a store may fail on a key that it does not have.
        if (!context.Items.ContainsKey(typeof(SessionKey)))
        {
            await EndAsync(context, scheme).ConfigureAwait(false);
        }

        await SignInAnewAsync(context, scheme, principal, properties).ConfigureAwait(false);
    }

    // A service scope has its own handlers, even if the scheme forwards to another one.
    private static async Task SignInAnewAsync(
        HttpContext context, string? scheme, ClaimsPrincipal principal, AuthenticationProperties properties)
    {
        var (services, requestCookies) = (context.RequestServices, context.Features.Get<IRequestCookiesFeature>());
        var scope = services.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        try
        {
            context.RequestServices = scope.ServiceProvider;
            context.Features.Set<IRequestCookiesFeature>(new RequestCookiesFeature(new DefaultHttpContext().Request.Cookies));
            await context.SignInAsync(scheme, principal, properties).ConfigureAwait(false);
        }
        finally
        {
            context.RequestServices = services;
            context.Features.Set(requestCookies);
        }
    }

    private async Task<bool> HasStoreAsync() =>
        (await schemes.GetAllSchemesAsync().ConfigureAwait(false)).Any(scheme =>
            typeof(CookieAuthenticationHandler).IsAssignableFrom(scheme.HandlerType)
            && cookies.Get(scheme.Name).SessionStore is not null);
}
