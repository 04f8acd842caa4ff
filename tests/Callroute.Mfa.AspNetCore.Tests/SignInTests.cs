using System.Net;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.AspNetCore.Tests;

public sealed class SignInTests : IDisposable
{
    private readonly Site _site = new();
    private readonly Browser _browser;

    public SignInTests() => _browser = _site.Open();

    public void Dispose()
    {
        _browser.Dispose();
        _site.Dispose();
    }

    [Fact]
    public async Task Login_WithoutMfa_SignsInByPasswordOnly()
    {
        Assert.Equal("SignedIn", await _browser.LogInAsync());

        Assert.Equal(["amr: pwd"], await ClaimsAsync("amr"));
        Assert.Empty(await ClaimsAsync("mfa_time"));
        Assert.Null(_browser.CookieNamed(Browser.ChallengeCookie));
    }

    [Fact]
    public async Task Login_WithMfa_IsOnlyHalfOfIt()
    {
        await _browser.EnrollAsync();
        using var other = _site.Open();

        Assert.Equal("CodeRequired", await other.LogInAsync());

        Assert.NotNull(other.CookieNamed(Browser.ChallengeCookie));
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/mfa/challenge")).StatusCode);
        foreach (var path in new[] { "/me", "/orders", "/mfa" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await other.GetAsync(path)).StatusCode);
        }

        foreach (var path in new[] { "/payments", "/mfa/step-up", "/mfa/disable", "/mfa/recovery-codes", "/mfa/enrollments", $"/mfa/recovery-codes/{Guid.Empty}/acknowledge", $"/mfa/authenticators/{Guid.Empty}/remove", $"/mfa/enrollments/{Guid.Empty}/confirm" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await other.PostAsync(path)).StatusCode);
        }
    }

    [Fact]
    public async Task Verify_RightCode_SignsInAndEndsTheChallenge()
    {
        var (phone, _) = await _browser.EnrollAsync();
        using var other = _site.Open();
        await other.LogInAsync();

        var answer = await Browser.ReadAsync(await other.VerifyAsync(phone.GetCode()));

        Assert.Equal("otp", answer.GetProperty("method").GetString());
        Assert.Equal(["amr: mfa", "amr: otp", "amr: pwd"], await ClaimsAsync("amr", other));
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/orders")).StatusCode);
        Assert.Null(other.CookieNamed(Browser.ChallengeCookie));
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.VerifyAsync(phone.GetCode())).StatusCode);
    }

    [Fact]
    public async Task Verify_ChallengeOfAnotherBrowserKeptAfterSuccess_AcceptsNothing()
    {
        var (phone, _) = await _browser.EnrollAsync();
        using var other = _site.Open();
        await other.LogInAsync();
        var kept = other.CookieNamed(Browser.ChallengeCookie)!;
        await Browser.ReadAsync(await other.VerifyAsync(phone.GetCode()));
        using var thief = _site.Open();
        thief.Cookies.Add(new Cookie(Browser.ChallengeCookie, kept, "/", "localhost") { Secure = true });
        _site.Clock.Advance(TimeSpan.FromSeconds(30));

        var response = await thief.VerifyAsync(phone.GetCode());

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await thief.GetAsync("/me")).StatusCode);
    }

    [Fact]
    public async Task Verify_ChallengeOlderThanTenMinutes_IsOver()
    {
        var (phone, _) = await _browser.EnrollAsync();
        using var other = _site.Open();
        await other.LogInAsync();
        _site.Clock.Advance(TimeSpan.FromSeconds(599));
        Assert.Equal(HttpStatusCode.BadRequest, (await other.VerifyAsync("12345678")).StatusCode);

        _site.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(HttpStatusCode.Unauthorized, (await other.VerifyAsync(phone.GetCode())).StatusCode);
    }

    [Fact]
    public async Task Verify_RecoveryCodeRepeatedAfterALostResponse_GivesTheSameCodesUntilTheyAreAcknowledged()
    {
        var (_, recoveryCode) = await _browser.EnrollAsync();
        using var other = _site.Open();
        await other.LogInAsync();

        var first = (await Browser.ReadAsync(await other.VerifyAsync(recoveryCode))).GetProperty("recoveryCodes");
        var again = (await Browser.ReadAsync(await other.VerifyAsync(recoveryCode))).GetProperty("recoveryCodes");

        Assert.Equal(first.GetRawText(), again.GetRawText());
        Assert.Equal(["amr: mfa", "amr: pwd", "amr: recovery"], await ClaimsAsync("amr", other));
        await Browser.ReadAsync(await other.PostAsync($"/mfa/recovery-codes/{first.GetProperty("generation")}/acknowledge"));
        Assert.Null(other.CookieNamed(Browser.ChallengeCookie));
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.VerifyAsync(recoveryCode)).StatusCode);
    }

    [Fact]
    public async Task Verify_TwentyFailures_SuspendsAndEndsTheChallenge()
    {
        var (phone, recoveryCode) = await _browser.EnrollAsync();
        using var other = _site.Open();
        for (var failure = 1; failure <= 20; failure++)
        {
            await other.LogInAsync();
            await other.VerifyAsync(WrongCodeFor(phone));
            _site.Clock.Advance(TimeSpan.FromHours(1));
        }

        Assert.Null(other.CookieNamed(Browser.ChallengeCookie));
        await other.LogInAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await other.VerifyAsync(phone.GetCode())).StatusCode);
        Assert.Null(other.CookieNamed(Browser.ChallengeCookie));
        await other.LogInAsync();
        await Browser.ReadAsync(await other.VerifyAsync(recoveryCode));
    }

    [Fact]
    public async Task Login_AfterAnAdministratorsReset_LetsTheUserEnrolAndNothingElse()
    {
        await _browser.EnrollAsync();
        await _site.Mfa.ResetAsync(new MfaSubject("ann"), "lost phone, identity checked", TestContext.Current.CancellationToken);
        using var other = _site.Open();

        Assert.Equal("EnrollmentRequired", await other.LogInAsync());

        Assert.Equal(HttpStatusCode.Unauthorized, (await other.GetAsync("/me")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.VerifyAsync("123456")).StatusCode);
        var offer = await Browser.ReadAsync(await other.PostAsync("/mfa/enrollments"));
        using var phone = VirtualAuthenticator.Scan(offer.GetProperty("uri").GetString()!, _site.Clock);
        await Browser.ReadAsync(await other.PostAsync($"/mfa/enrollments/{offer.GetProperty("enrollmentId")}/confirm", new { code = phone.GetCode() }));
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/orders")).StatusCode);
        Assert.Null(other.CookieNamed(Browser.ChallengeCookie));
    }

    [Fact]
    public async Task Login_RecordLostThatTheHostAsksFor_IsRefused()
    {
        await _browser.EnrollAsync();
        await _site.Mfa.EraseAsync(new MfaSubject("ann"), TestContext.Current.CancellationToken);
        using var other = _site.Open();

        Assert.Equal("Refused", await other.LogInAsync());

        Assert.Equal(HttpStatusCode.Unauthorized, (await other.GetAsync("/me")).StatusCode);
        Assert.Null(other.CookieNamed(Browser.ChallengeCookie));
    }

    [Fact]
    public async Task Login_StoreFails_IsRefused()
    {
        await _browser.EnrollAsync();
        using var other = _site.Open();
        _site.Store.Arm(StoreFault.ThrowBefore, atCall: 1);

        Assert.Equal("Refused", await other.LogInAsync());

        Assert.Equal(HttpStatusCode.Unauthorized, (await other.GetAsync("/me")).StatusCode);
    }

    [Fact]
    public async Task Verify_WithoutThePassword_IsNobodysAndChargesNothing()
    {
        var (phone, _) = await _browser.EnrollAsync();
        using var stranger = _site.Open();
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.PostAsync("/login", new { name = "ann", password = "wrong" })).StatusCode);

        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.VerifyAsync(WrongCodeFor(phone))).StatusCode);
        }

        Assert.Equal(0, (await _site.Mfa.GetStatusAsync(new MfaSubject("ann"), TestContext.Current.CancellationToken)).Totp.ConsecutiveFailures);
    }

    [Fact]
    public async Task Challenge_ForgedOrForeignCookie_IsNobody()
    {
        await _browser.EnrollAsync();
        var session = _browser.CookieNamed(".AspNetCore.Cookies")!;
        using var other = _site.Open();
        await other.LogInAsync();
        var challenge = other.CookieNamed(Browser.ChallengeCookie)!;

        // The session's ticket as a challenge, the challenge's as a session, and a bit of it changed.
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusWithAsync(Browser.ChallengeCookie, session, "/mfa/challenge"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusWithAsync(".AspNetCore.Cookies", challenge, "/me"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusWithAsync(Browser.ChallengeCookie, $"{challenge[..^2]}{(challenge[^2] == 'A' ? 'B' : 'A')}{challenge[^1]}", "/mfa/challenge"));
        Assert.Equal(HttpStatusCode.OK, await StatusWithAsync(Browser.ChallengeCookie, challenge, "/mfa/challenge"));
    }

    [Fact]
    public async Task Challenge_Cookie_IsHostOnlySecureHttpOnlyAndSameSite()
    {
        await _browser.EnrollAsync();
        using var other = _site.Open();

        var response = await other.PostAsync("/login", new { name = "ann", password = "correct horse" });

        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"), value => value.StartsWith(Browser.ChallengeCookie, StringComparison.Ordinal));
        Assert.Contains("; path=/; secure; samesite=lax; httponly", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Verify_ManyBrowsersAtOnceWithOneCode_OneIsSignedIn()
    {
        var (phone, _) = await _browser.EnrollAsync();
        var browsers = Enumerable.Range(0, 12).Select(_ => _site.Open()).ToArray();
        foreach (var browser in browsers)
        {
            await browser.LogInAsync();
        }

        var code = phone.GetCode();
        var answers = await Task.WhenAll(browsers.Select(browser => browser.VerifyAsync(code)));

        Assert.Single(answers, answer => answer.IsSuccessStatusCode);
        Array.ForEach(browsers, browser => browser.Dispose());
    }

    internal static string WrongCodeFor(VirtualAuthenticator phone) => phone.GetCode() == "000000" ? "000001" : "000000";

    private async Task<string[]> ClaimsAsync(string type, Browser? browser = null) =>
    [
        .. (await Browser.ReadAsync(await (browser ?? _browser).GetAsync("/me"))).EnumerateArray()
            .Select(claim => claim.GetString()!).Where(claim => claim.StartsWith($"{type}: ", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];

    private async Task<HttpStatusCode> StatusWithAsync(string cookie, string value, string path)
    {
        using var browser = _site.Open();
        browser.Cookies.Add(new Cookie(cookie, value, "/", "localhost") { Secure = true });
        return (await browser.GetAsync(path)).StatusCode;
    }
}
