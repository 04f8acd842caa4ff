using System.Net;
using Callroute.Mfa.Samples.Tests.Portal.Setting;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Callroute.Mfa.Samples.Tests.Portal;

/// <summary>What somebody can do who knows a password and has no code, and who makes cookies up.</summary>
public sealed class HalfSignedInTests(Chromium chromium) : BrowserTest(chromium)
{
    private const string Challenge = "__Host-callroute-mfa";
    private const string Session = "__Host-portal";
    private const string Browser = "__Host-portal-browser";
    private const string Device = "__Host-callroute-mfa-device-";

    // Where one need not be signed in; the rest of the portal is refused.
    private static readonly string[] Open = ["/", "/error", "/register", "/signin", "/signin/code", "/signout"];

    [Fact]
    public async Task EveryEndpoint_WithTheChallengeAlone_IsRefused()
    {
        var ann = await ArriveHalfSignedInAsync();
        var cookies = await ann.SessionCookiesAsync();
        using var client = new Browserless(Portal.Address);
        List<string> refused = [];

        foreach (var path in Paths().Except(Open))
        {
            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete])
            {
                using var answer = await client.SendAsync(method, path, cookies);
                Assert.True(Browserless.LeadsToSignIn(answer), $"{method} {path} answered {answer.StatusCode}.");
            }

            refused.Add(path);
        }

        Assert.Equal([Challenge], cookies.Select(cookie => cookie.Name));
        Assert.Equal(
            [
                "/profile",
                "/profile/security",
                "/profile/security/disable",
                "/profile/security/enroll/{id:guid?}",
                "/profile/security/forget/{id:guid?}",
                "/profile/security/regenerate",
                "/profile/security/remove/{id:guid}",
            ],
            refused.Select(Template).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Cookies_SwappedAlteredOrOfAnotherPortal_AreNone()
    {
        var ann = await ArriveWithMfaAsync();
        var session = Assert.Single(await ann.SessionCookiesAsync());
        await ann.SignOutAsync();
        await ann.EnterPasswordAsync();
        await ann.SeesAsync("Two Factor Authentication");
        var challenge = Assert.Single(await ann.SessionCookiesAsync());
        await using var another = new PortalServer();

        Assert.True(await IsRefusedAsync("/profile", Named(challenge, Session)));
        Assert.True(await IsRefusedAsync("/signin/code", Named(session, Challenge)));
        Assert.True(await IsRefusedAsync("/profile", Altered(session)));
        Assert.True(await IsRefusedAsync("/signin/code", Altered(challenge)));
        Assert.True(await IsRefusedAsync("/profile", session, another.Address));
        Assert.True(await IsRefusedAsync("/signin/code", challenge, another.Address));
        Assert.False(await IsRefusedAsync("/profile", session));
        Assert.False(await IsRefusedAsync("/signin/code", challenge));
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
        Assert.All([session, challenge], cookie =>
        {
            Assert.True(cookie.Secure);
            Assert.True(cookie.HttpOnly);
            Assert.Equal(SameSiteAttribute.Lax, cookie.SameSite);
            Assert.Equal("/", cookie.Path);
            Assert.Equal("localhost", cookie.Domain);
        });
        var lasting = (await ann.Window.CookiesAsync()).Where(cookie => cookie.Expires > 0).OrderBy(cookie => cookie.Name).ToArray();
        Assert.StartsWith(Device, lasting[0].Name, StringComparison.Ordinal);
        Assert.Equal(Browser, lasting[1].Name);
        Assert.All(lasting, cookie => Assert.Equal(
            (true, true, SameSiteAttribute.Lax, "/"), (cookie.Secure, cookie.HttpOnly, cookie.SameSite, cookie.Path)));
        Assert.Empty(await ann.Page.EvaluateAsync<string>("document.cookie"));
    }

    // The pages as the application itself knows them, so that a new one is walked too.
    private IEnumerable<string> Paths() =>
        Portal.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .Where(endpoint =>
            endpoint.Metadata.GetMetadata<PageRouteMetadata>() is not null
            || endpoint.Metadata.GetMetadata<CompiledPageActionDescriptor>() is not null)
        .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/'))
        .Select(path =>
            path.Replace("{id:guid}", Guid.Empty.ToString(), StringComparison.Ordinal)
                .Replace("{id:guid?}", Guid.Empty.ToString("N"), StringComparison.Ordinal))
        .Distinct(StringComparer.Ordinal);

    private static string Template(string path) =>
        path.Replace(Guid.Empty.ToString(), "{id:guid}", StringComparison.Ordinal)
            .Replace(Guid.Empty.ToString("N"), "{id:guid?}", StringComparison.Ordinal);

    private async Task<bool> IsRefusedAsync(string path, BrowserContextCookiesResult cookie, Uri? portal = null)
    {
        using var client = new Browserless(portal ?? Portal.Address);
        using var answer = await client.SendAsync(HttpMethod.Get, path, [cookie]);
        Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Redirect);
        return Browserless.LeadsToSignIn(answer);
    }

    private static BrowserContextCookiesResult Named(BrowserContextCookiesResult cookie, string name) =>
        new() { Name = name, Value = cookie.Value };

    private static BrowserContextCookiesResult Altered(BrowserContextCookiesResult cookie)
    {
        var middle = cookie.Value.Length / 2;
        var other = cookie.Value[middle] == 'A' ? 'B' : 'A';
        return new() { Name = cookie.Name, Value = $"{cookie.Value[..middle]}{other}{cookie.Value[(middle + 1)..]}" };
    }
}
