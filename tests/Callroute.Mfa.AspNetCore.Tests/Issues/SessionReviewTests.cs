using System.Net;
using System.Security.Claims;
using Callroute.Mfa.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Tests.Issues;

/// <summary>Sessions and challenges that mix, outlive what they are for, or say more than they may.</summary>
public sealed class SessionReviewTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Login_SomebodyElseWasSignedIn_EndsTheirSession()
    {
        using var site = new Site();
        using var owner = site.Open();
        await owner.EnrollAsync();
        using var shared = site.Open();
        Assert.Equal("SignedIn", await shared.LogInAsync("bob", "battery staple"));

        Assert.Equal("CodeRequired", await shared.LogInAsync());

        Assert.Equal(HttpStatusCode.Unauthorized, (await shared.GetAsync("/me")).StatusCode);
    }

    [Fact]
    public async Task Enrollment_AfterAResetWhileSomebodyElseWasSignedIn_BindsToWhoGaveThePassword()
    {
        using var site = new Site();
        using var owner = site.Open();
        await owner.EnrollAsync();
        await site.Mfa.ResetAsync(new MfaSubject("ann"), "lost phone", Token);
        using var shared = site.Open();
        await shared.LogInAsync("bob", "battery staple");

        Assert.Equal("EnrollmentRequired", await shared.LogInAsync());
        var offer = await Browser.ReadAsync(await shared.PostAsync("/mfa/enrollments"));

        Assert.Contains("ann%40example.com", offer.GetProperty("uri").GetString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Login_WithoutMfa_EndsTheChallengeOfWhoWasHalfSignedIn()
    {
        using var site = new Site();
        using var owner = site.Open();
        await owner.EnrollAsync();
        using var shared = site.Open();
        await shared.LogInAsync();

        await shared.LogInAsync("bob", "battery staple");

        Assert.Null(shared.CookieNamed(Browser.ChallengeCookie));
    }

    [Fact]
    public async Task LogOut_AfterARecoveryThatWasNotAcknowledged_EndsTheChallengeToo()
    {
        using var site = new Site();
        using var browser = site.Open();
        var (_, recoveryCode) = await browser.EnrollAsync();
        await browser.LogInAsync();
        await Browser.ReadAsync(await browser.VerifyAsync(recoveryCode));

        await browser.PostAsync("/logout");

        // What "back" and "reload" send at a shared computer.
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.VerifyAsync(recoveryCode)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/me")).StatusCode);
    }

    [Fact]
    public async Task Enrollment_SessionOfBeforeAReset_MustSignInAgain()
    {
        using var site = new Site();
        using var thief = site.Open();
        var (phone, _) = await thief.EnrollAsync();
        var begun = (await Browser.ReadAsync(await thief.PostAsync("/mfa/enrollments", new { code = phone.GetCode() }))).GetProperty("enrollmentId");
        await site.Mfa.ResetAsync(new MfaSubject("ann"), "phone and laptop stolen", Token);

        Assert.Equal(HttpStatusCode.Unauthorized, (await thief.PostAsync("/mfa/enrollments")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await thief.GetAsync($"/mfa/enrollments/{begun}")).StatusCode);
        using var owner = site.Open();
        await owner.LogInAsync();
        await Browser.ReadAsync(await owner.PostAsync("/mfa/enrollments"));
    }

    [Fact]
    public async Task Enrollment_RecordLostThatTheHostAsksFor_IsNoWayBackIn()
    {
        using var site = new Site();
        using var browser = site.Open();
        await browser.EnrollAsync();
        await site.Mfa.EraseAsync(new MfaSubject("ann"), Token);

        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.PostAsync("/mfa/enrollments")).StatusCode);
    }

    [Fact]
    public async Task Enrollment_UserWhoIsGone_IsNobody()
    {
        var users = new FragileUsers();
        using var site = new Site(services => services.AddSingleton<IMfaUsers>(users));
        using var browser = site.Open();
        await browser.LogInAsync();
        users.IsGone = true;

        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.PostAsync("/mfa/enrollments")).StatusCode);
    }

    [Fact]
    public async Task Login_RowThatMissedTheEnrollment_IsPutRight()
    {
        var users = new FragileUsers { IsBroken = true };
        using var site = new Site(services => services.AddSingleton<IMfaUsers>(users), ("environment", "Production"));
        using var browser = site.Open();
        await browser.LogInAsync();
        var offer = await Browser.ReadAsync(await browser.PostAsync("/mfa/enrollments"));
        using var phone = VirtualAuthenticator.Scan(offer.GetProperty("uri").GetString()!, site.Clock);
        await Assert.ThrowsAsync<TimeoutException>(() => browser.PostAsync($"/mfa/enrollments/{offer.GetProperty("enrollmentId")}/confirm", new { code = phone.GetCode() }));
        users.IsBroken = false;

        Assert.Equal("CodeRequired", await browser.LogInAsync());
        await site.Mfa.EraseAsync(new MfaSubject("ann"), Token);

        Assert.Equal("Refused", await browser.LogInAsync());
    }

    [Fact]
    public async Task StepUp_ClaimsOfATransformation_AreNotKeptInTheSession()
    {
        var transformation = new RolesOfToday { IsAdministrator = true };
        using var site = new Site(services => services.AddSingleton<IClaimsTransformation>(transformation));
        using var browser = site.Open();
        await browser.EnrollAsync();
        Assert.Contains("role: administrator", await ClaimsAsync(browser));

        transformation.IsAdministrator = false;

        Assert.DoesNotContain("role: administrator", await ClaimsAsync(browser));
    }

    [Fact]
    public async Task StepUp_RecoveryCodeWhoseAnswerWasLost_GivesTheSameCodesAgain()
    {
        using var site = new Site();
        using var browser = site.Open();
        var (_, recoveryCode) = await browser.EnrollAsync();
        using var lost = Copy(site, browser);

        var first = (await Browser.ReadAsync(await lost.PostAsync("/mfa/step-up", new { code = recoveryCode }))).GetProperty("recoveryCodes");
        var again = (await Browser.ReadAsync(await browser.PostAsync("/mfa/step-up", new { code = recoveryCode }))).GetProperty("recoveryCodes");

        Assert.Equal(first.GetRawText(), again.GetRawText());
    }

    [Fact]
    public async Task Changes_CodeWhoseAnswerWasLost_TakeTheNextCode()
    {
        using var site = new Site();
        using var browser = site.Open();
        var (phone, _) = await browser.EnrollAsync();
        using var lost = Copy(site, browser);
        await Browser.ReadAsync(await lost.PostAsync("/mfa/step-up", new { code = phone.GetCode() }));
        site.Clock.Advance(TimeSpan.FromSeconds(30));

        await Browser.ReadAsync(await browser.PostAsync("/mfa/recovery-codes", new { code = phone.GetCode() }));
        site.Clock.Advance(TimeSpan.FromSeconds(30));
        await Browser.ReadAsync(await browser.PostAsync("/mfa/step-up", new { code = phone.GetCode() }));
    }

    [Fact]
    public async Task Login_TenantThatTheSessionWouldForget_IsMisuse()
    {
        using var site = new Site();
        await using var scope = site.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            scope.ServiceProvider.GetRequiredService<MfaSignIn>().BeginAsync(context, new MfaSubject("ann", "acme"), cancellationToken: Token));

        Assert.Contains("Callroute:Mfa:TenantClaim", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_Tenant_IsThatOfTheSession()
    {
        using var site = new Site(null, ("Callroute:Mfa:TenantClaim", "tid"));
        await using var scope = site.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        await scope.ServiceProvider.GetRequiredService<MfaSignIn>().BeginAsync(context, new MfaSubject("ann", "acme"), cancellationToken: Token);
        var cookie = context.Response.Headers.SetCookie.Single(value => value!.StartsWith(".AspNetCore.Cookies", StringComparison.Ordinal))!.Split(';')[0].Split('=')[1];
        using var browser = site.Open();
        browser.Cookies.Add(new Cookie(".AspNetCore.Cookies", cookie, "/", "localhost") { Secure = true });

        await browser.PostAsync("/mfa/enrollments");

        Assert.Contains("tid: acme", await ClaimsAsync(browser));
        Assert.Single((await site.Mfa.GetStatusAsync(new MfaSubject("ann", "acme"), Token)).RecentEvents);
        Assert.Empty((await site.Mfa.GetStatusAsync(new MfaSubject("ann"), Token)).RecentEvents);
    }

    [Fact]
    public async Task Login_ReturnPathLongerThanACookie_IsDropped()
    {
        using var site = new Site();
        using var browser = site.Open();
        await browser.EnrollAsync();
        await using var scope = site.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };

        await scope.ServiceProvider.GetRequiredService<MfaSignIn>().BeginAsync(context, new MfaSubject("ann"), returnPath: $"/{new string('a', 6000)}", cancellationToken: Token);

        Assert.DoesNotContain(context.Response.Headers.SetCookie, value => value!.StartsWith($"{Browser.ChallengeCookie}C1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Login_CookiesLoosenedForEveryScheme_LeavesTheChallengeAsItIs()
    {
        using var site = new Site(services => services.Configure<CookieAuthenticationOptions>(MfaChallenge.Scheme, options => options.Cookie.Domain = "example.com")
            .ConfigureAll<CookieAuthenticationOptions>(options => (options.Cookie.HttpOnly, options.Cookie.SameSite, options.Cookie.SecurePolicy) = (false, SameSiteMode.None, CookieSecurePolicy.None)));
        using var browser = site.Open();
        await browser.EnrollAsync();

        var response = await browser.PostAsync("/login", new { name = "ann", password = "correct horse" });

        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"), value => value.StartsWith(Browser.ChallengeCookie, StringComparison.Ordinal));
        Assert.Contains("; path=/; secure; samesite=lax; httponly", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Login_AtThePathThatTheFrameworkTakesForItsLogin_RedirectsNobodyHalfSignedIn()
    {
        using var site = new Site();
        using var browser = site.Open();
        await browser.EnrollAsync();
        await using var scope = site.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Path = "/Account/Login";
        context.Request.QueryString = new QueryString("?ReturnUrl=/orders");

        await scope.ServiceProvider.GetRequiredService<MfaSignIn>().BeginAsync(context, new MfaSubject("ann"), cancellationToken: Token);

        Assert.Equal((StatusCodes.Status200OK, 0), (context.Response.StatusCode, context.Response.Headers.Location.Count));
    }

    private static Browser Copy(Site site, Browser browser)
    {
        var copy = site.Open();
        copy.Cookies.Add(browser.Cookies.GetAllCookies());
        return copy;
    }

    private static async Task<string[]> ClaimsAsync(Browser browser) =>
        [.. (await Browser.ReadAsync(await browser.GetAsync("/me"))).EnumerateArray().Select(claim => claim.GetString()!)];

    private sealed class FragileUsers : IMfaUsers
    {
        private bool _isRequired;

        public bool IsGone { get; set; }

        public bool IsBroken { get; set; }

        public ValueTask<MfaUser?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
            new(IsGone ? null : new MfaUser { AccountName = "ann@example.com", IsMfaRequired = _isRequired });

        public ValueTask SetMfaRequiredAsync(MfaSubject subject, bool isRequired, CancellationToken cancellationToken = default)
        {
            _isRequired = IsBroken ? throw new TimeoutException() : isRequired;
            return ValueTask.CompletedTask;
        }
    }

    private sealed class RolesOfToday : IClaimsTransformation
    {
        public bool IsAdministrator { get; set; }

        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            // As the framework's own documentation shows it: in place.
            if (IsAdministrator && !principal.HasClaim("role", "administrator"))
            {
                principal.AddIdentity(new ClaimsIdentity([new Claim("role", "administrator")]));
            }

            return Task.FromResult(principal);
        }
    }
}
