using System.Net;
using System.Text.RegularExpressions;
using Callroute.Mfa.Samples.Tests.Portal.Setting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Callroute.Mfa.Samples.Tests.Portal;

/// <summary>What somebody can do who knows a password and has no code, and who makes cookies up.</summary>
public sealed partial class HalfSignedInTests(Chromium chromium) : BrowserTest(chromium)
{
    private const string Challenge = "__Host-callroute-mfa";
    private const string Session = "__Host-portal";
    private const string Browser = "__Host-portal-browser";
    [GeneratedRegex("{[^}]*}")]
    private static partial Regex Parameter { get; }

    private const string Device = "__Host-callroute-mfa-device-";

    // Where one need not be signed in; the rest of the portal is refused.
    private static readonly string[] Open =
    [
        "/", "/*", "/error", "/health", "/register", "/signin", "/signout", "/profile/security/set-up/cancel",
        .. ((string[])["", "/recovery", "/cancel", "/again"]).Select(page => $"/profile/security/sign-in{page}"),
    ];

    [Fact]
    public async Task EveryEndpoint_WithTheChallengeAlone_IsRefused()
    {
        var ann = await ArriveHalfSignedInAsync();
        var cookies = await ann.SessionCookiesAsync();
        using var client = new Browserless(Portal.Address);
        var pages = Pages().Where(page => !Open.Contains(page.Path) && !page.Path.Contains("/assets/", StringComparison.Ordinal)).ToArray();

        foreach (var (path, method) in pages)
        {
            using var answer = await client.SendAsync(method, path.Replace("*", Guid.Empty.ToString(), StringComparison.Ordinal), cookies);
            Assert.True(Browserless.LeadsToSignIn(answer), $"{method} {path} answered {answer.StatusCode}.");
        }

        Assert.Equal([Challenge], cookies.Select(cookie => cookie.Name));
        Assert.Equal(
            [
                "/profile",
                "/profile/security",
                .. ((string[])
                [
                    "administration", "administration/users/*", "administration/users/*/reset", "administration/users/*/unlock",
                    "authenticators/*/remove", "authenticators/*/rename", "authenticators/*/replace", "devices/*", "disable",
                    "recovery-codes", "recovery-codes/new", "set-up", "set-up/verify", "step-up",
                ]).Select(page => $"/profile/security/{page}"),
            ],
            pages.Select(page => page.Path).Where(path => !path.StartsWith("/administration/", StringComparison.Ordinal)).Distinct()
                .Order(StringComparer.Ordinal));
        Assert.Contains(pages, page => page.Path == "/administration/require/*");
    }

    [Fact]
    public async Task Cookies_OfAnotherPortal_AreNone()
    {
        var ann = await ArriveWithMfaAsync();
        var session = Assert.Single(await ann.SessionCookiesAsync());
        await ann.SignOutAsync();
        await ann.EnterPasswordAsync();
        await ann.SeesAsync("Two Factor Authentication");
        var challenge = Assert.Single(await ann.SessionCookiesAsync());
        await using var another = new PortalServer();

        Assert.True(await IsRefusedAsync("/profile", session, another.Address));
        Assert.True(await IsRefusedAsync("/profile/security/sign-in", challenge, another.Address));
        Assert.False(await IsRefusedAsync("/profile", session));
        Assert.False(await IsRefusedAsync("/profile/security/sign-in", challenge));
    }

    [Fact]
    public async Task Cookies_InTheBrowser_AreSecureAndOutOfReachOfScripts()
    {
        var ann = await ArriveAsync();
        await ann.RegisterAsync();
        await ann.EnableMfaAsync();
        var session = Assert.Single(await ann.SessionCookiesAsync());
        await ann.SignOutAsync();
        await ann.EnterPasswordAsync();
        await ann.SeesAsync("Two Factor Authentication");
        var challenge = Assert.Single(await ann.SessionCookiesAsync());

        Assert.Equal((Session, Challenge), (session.Name, challenge.Name));
        var lasting = (await ann.Window.CookiesAsync()).Where(cookie => cookie.Expires > 0).OrderBy(cookie => cookie.Name).ToArray();
        Assert.StartsWith(Device, lasting[0].Name, StringComparison.Ordinal);
        Assert.Equal(Browser, lasting[1].Name);
        Assert.All([session, challenge, .. lasting], cookie => Assert.Equal(
            (true, true, SameSiteAttribute.Lax, "/", "localhost"),
            (cookie.Secure, cookie.HttpOnly, cookie.SameSite, cookie.Path, cookie.Domain)));
        Assert.Empty(await ann.Page.EvaluateAsync<string>("document.cookie"));
    }

    // The pages as the application itself knows them, so that a new one is walked too.
    private IEnumerable<(string Path, HttpMethod Method)> Pages() =>
        from endpoint in Portal.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        where endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null
        let path = "/" + Parameter.Replace(endpoint.RoutePattern.RawText!.Trim('/'), "*")
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        select (path, new HttpMethod(method));

    private async Task<bool> IsRefusedAsync(string path, BrowserContextCookiesResult cookie, Uri? portal = null)
    {
        using var client = new Browserless(portal ?? Portal.Address);
        using var answer = await client.SendAsync(HttpMethod.Get, path, [cookie]);
        Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Redirect);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return Browserless.LeadsToSignIn(answer) || page.Contains("<h1>Sign in again</h1>", StringComparison.Ordinal);
    }
}
