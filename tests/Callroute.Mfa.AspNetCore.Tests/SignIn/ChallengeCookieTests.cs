using System.Net;
using Callroute.Mfa.AspNetCore.Tests.Setting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Callroute.Mfa.AspNetCore.Tests.SignIn;

public sealed class ChallengeCookieTests : SiteTest
{
    [Fact]
    public async Task Challenge_Cookie_IsHostOnlySecureHttpOnlyAndSameSite()
    {
        await Browser.EnrollAsync();

        var response = await Other.PostAsync("/login", new { name = "ann", password = "correct horse" });

        var cookie = Assert.Single(
            response.Headers.GetValues("Set-Cookie"), value => value.StartsWith(Browser.ChallengeCookie, StringComparison.Ordinal));
        Assert.EndsWith("; path=/; secure; samesite=lax; httponly", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
    }

    // A scheme that reads the cookie itself, one that forwards to it, and a policy that asks every scheme.
    [Fact]
    public async Task Challenge_ApplicationThatAsksEverySchemeWhoTheUserIs_FindsNobody()
    {
        Site.Add(services =>
        {
            services.AddAuthentication("Any").AddPolicyScheme("Any", null, options =>
            {
                options.ForwardDefaultSelector = context =>
                    context.Request.Cookies.ContainsKey(Browser.ChallengeCookie) ? "Reader" : BareApp.Cookies;
                (options.ForwardSignIn, options.ForwardSignOut) = (BareApp.Cookies, BareApp.Cookies);
            });
            services.AddAuthentication().AddCookie("Reader", options => options.Cookie.Name = Browser.ChallengeCookie);
            services.AddOptions<AuthorizationOptions>().Configure<IOptions<AuthenticationOptions>>((options, schemes) =>
                options.DefaultPolicy = new AuthorizationPolicyBuilder([.. schemes.Value.Schemes.Select(scheme => scheme.Name)])
                    .RequireAuthenticatedUser().Build());
        });
        var (phone, _) = await Browser.EnrollAsync();
        Assert.Equal("CodeRequired", await Other.LogInAsync());

        Assert.Equal(HttpStatusCode.OK, await Other.GetStatusAsync("/mfa/challenge"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Other.GetStatusAsync("/me"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Other.GetStatusAsync("/mfa"));
        await Browser.ReadAsync(await Other.VerifyAsync(phone.GetCode()));
        Assert.Equal(HttpStatusCode.OK, await Other.GetStatusAsync("/me"));
    }

    [Fact]
    public async Task Challenge_ForgedOrForeignCookie_IsNobody()
    {
        await Browser.EnrollAsync();
        var session = Browser.CookieNamed(Browser.SessionCookie)!;
        await Other.LogInAsync();
        var challenge = Other.CookieNamed(Browser.ChallengeCookie)!;
        var altered = $"{challenge[..^2]}{(challenge[^2] == 'A' ? 'B' : 'A')}{challenge[^1]}";

        // The session's ticket as a challenge, the challenge's ticket as a session, and a ticket with one bit changed.
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusWithAsync(Browser.ChallengeCookie, session, "/mfa/challenge"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusWithAsync(Browser.SessionCookie, challenge, "/me"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusWithAsync(Browser.ChallengeCookie, altered, "/mfa/challenge"));
        Assert.Equal(HttpStatusCode.OK, await StatusWithAsync(Browser.ChallengeCookie, challenge, "/mfa/challenge"));
    }

    [Fact]
    public async Task Challenge_OlderThanTenMinutes_IsOver()
    {
        var (phone, _) = await Browser.EnrollAsync();
        await Other.LogInAsync();
        Site.Clock.Advance(TimeSpan.FromSeconds(599));
        Assert.Equal(HttpStatusCode.BadRequest, (await Other.VerifyAsync("12345678")).StatusCode);

        Site.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(HttpStatusCode.Unauthorized, (await Other.VerifyAsync(phone.GetCode())).StatusCode);
    }

    [Fact]
    public async Task Challenge_KeptAfterItSignedIn_AcceptsNothing()
    {
        var (phone, _) = await Browser.EnrollAsync();
        await Other.LogInAsync();
        var kept = Other.CookieNamed(Browser.ChallengeCookie)!;
        await Browser.ReadAsync(await Other.VerifyAsync(phone.GetCode()));
        using var thief = Open();
        thief.Keep(Browser.ChallengeCookie, kept);
        Site.Clock.Advance(TimeSpan.FromSeconds(30));

        var response = await thief.VerifyAsync(phone.GetCode());

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await thief.GetStatusAsync("/me"));
    }

    [Fact]
    public async Task Challenge_ResponseLost_SignsInWhenTheSameCodeIsSentAgain()
    {
        var (phone, _) = await Browser.EnrollAsync();
        await Other.LogInAsync();
        var (kept, code) = (Other.CookieNamed(Browser.ChallengeCookie)!, phone.GetCode());
        await Browser.ReadAsync(await Other.VerifyAsync(code));
        using var again = Open();
        again.Keep(Browser.ChallengeCookie, kept);

        var response = await again.VerifyAsync(code);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await again.GetStatusAsync("/me"));
    }

    // Two applications on one host need other names.
    [Fact]
    public async Task Cookies_NameAndPathOfTheSettings_AreUsed()
    {
        Site.Add(services => services.Configure<MfaSignInOptions>(options => (options.CookieName, options.CookiePath) = ("shop", "/mfa")));
        await Browser.LogInAsync();
        var (phone, path) = await Browser.ScanAsync();
        var confirmed = await Browser.PostAsync($"{path}/confirm", new { code = phone.GetCode() });

        var begun = await Other.PostAsync("/login", new { name = "ann", password = "correct horse" });

        string[] written = [.. confirmed.Headers.GetValues("Set-Cookie"), .. begun.Headers.GetValues("Set-Cookie")];
        string[] own = [.. written.Where(cookie => cookie.StartsWith("shop", StringComparison.Ordinal))];
        Assert.Contains(own, cookie => cookie.StartsWith("shop-device-", StringComparison.Ordinal));
        Assert.Contains(own, cookie => cookie.StartsWith("shop=", StringComparison.Ordinal));
        Assert.All(own, cookie => Assert.Contains("path=/mfa;", cookie, StringComparison.Ordinal));
        Assert.DoesNotContain(written, cookie => cookie.StartsWith(Browser.ChallengeCookie, StringComparison.Ordinal));
    }

    private async Task<HttpStatusCode> StatusWithAsync(string cookie, string value, string path)
    {
        using var browser = Open();
        browser.Keep(cookie, value);
        return await browser.GetStatusAsync(path);
    }
}
