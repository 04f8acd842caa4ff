using System.Net;
using Callroute.Mfa.AspNetCore.Tests.Setting;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Tests.SignIn;

public sealed class ChallengeCookieTests : SiteTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Challenge_Cookie_IsHostOnlySecureHttpOnlyAndSameSite(bool isLoosenedByTheApplication)
    {
        if (isLoosenedByTheApplication)
        {
            Site.Add(services => services
                .Configure<CookieAuthenticationOptions>(MfaChallenge.Scheme, options => options.Cookie.Domain = "example.com")
                .ConfigureAll<CookieAuthenticationOptions>(Loosen));
        }

        await Browser.EnrollAsync();

        var response = await Other.PostAsync("/login", new { name = "ann", password = "correct horse" });

        var cookie = Assert.Single(
            response.Headers.GetValues("Set-Cookie"), value => value.StartsWith(Browser.ChallengeCookie, StringComparison.Ordinal));
        Assert.Contains("; path=/; secure; samesite=lax; httponly", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
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

    private static void Loosen(CookieAuthenticationOptions options)
    {
        (options.Cookie.HttpOnly, options.Cookie.SameSite) = (false, SameSiteMode.None);
        options.Cookie.SecurePolicy = CookieSecurePolicy.None;
    }

    private async Task<HttpStatusCode> StatusWithAsync(string cookie, string value, string path)
    {
        using var browser = Open();
        browser.Keep(cookie, value);
        return await browser.GetStatusAsync(path);
    }
}
