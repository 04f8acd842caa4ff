using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using Callroute.Mfa.AspNetCore.Tests.Setting;
using Callroute.Mfa.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Tests.SignIn;

public sealed class MfaSignInTests : SiteTest
{
    [Fact]
    public async Task Login_WithoutMfa_SignsInByPasswordOnly()
    {
        Assert.Equal("SignedIn", await Browser.LogInAsync());

        Assert.Equal(["amr: pwd"], await Browser.ClaimsAsync("amr"));
        Assert.Empty(await Browser.ClaimsAsync("mfa_time"));
        Assert.Null(Browser.CookieNamed(Browser.ChallengeCookie));
    }

    [Fact]
    public async Task Login_WithMfa_IsOnlyHalfOfIt()
    {
        await Browser.EnrollAsync();

        Assert.Equal("CodeRequired", await Other.LogInAsync());

        Assert.NotNull(Other.CookieNamed(Browser.ChallengeCookie));
        Assert.Equal(HttpStatusCode.OK, await Other.GetStatusAsync("/mfa/challenge"));
        foreach (var path in new[] { "/me", "/orders", "/mfa" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await Other.GetStatusAsync(path));
        }

        string[] changes = ["step-up", "disable", "recovery-codes", "enrollments"];
        string[] ofOne = ["recovery-codes/{0}/acknowledge", "authenticators/{0}/remove", "enrollments/{0}/confirm"];
        foreach (var path in changes.Concat(ofOne).Select(path => $"/mfa/{path}".Replace("{0}", $"{Guid.Empty}")).Append("/payments"))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await Other.PostStatusAsync(path));
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"name\":\"ann\"}")]
    [InlineData("{\"name\":\"nobody\",\"password\":\"correct horse\"}")]
    public async Task Login_WithoutNameOrPassword_IsRefused(string body) =>
        Assert.Equal(HttpStatusCode.Unauthorized, (await Browser.SendAsync("/login", body)).StatusCode);

    // A shared browser: the next user must not work in the session of the one before.
    [Theory]
    [InlineData("CodeRequired")]
    [InlineData("Refused")]
    public async Task Login_SomebodyElseWasSignedIn_EndsTheirSession(string expected)
    {
        await Browser.EnrollAsync();
        Assert.Equal("SignedIn", await Other.LogInAsBobAsync());
        if (expected == "Refused")
        {
            Site.Store.Arm(StoreFault.ThrowBefore, atCall: 1);
        }

        Assert.Equal(expected, await Other.LogInAsync());

        Assert.Equal(HttpStatusCode.Unauthorized, await Other.GetStatusAsync("/me"));
    }

    [Fact]
    public async Task Login_WithoutMfa_EndsTheChallengeOfWhoWasHalfSignedIn()
    {
        await Browser.EnrollAsync();
        await Other.LogInAsync();

        await Other.LogInAsBobAsync();

        Assert.Null(Other.CookieNamed(Browser.ChallengeCookie));
    }

    [Theory]
    [InlineData(MfaPolicy.Optional)]
    [InlineData(MfaPolicy.Required)]
    public async Task Login_MustEnrol_LetsTheUserEnrolAndNothingElse(MfaPolicy policy)
    {
        Site.UseStubUsers().Policy = policy;
        if (policy == MfaPolicy.Optional)
        {
            await Browser.EnrollAsync();
            await Site.Mfa.ResetAsync(Ann, "lost phone, identity checked", cancellationToken: Token);
        }

        Assert.Equal("EnrollmentRequired", await Other.LogInAsync());

        foreach (var path in new[] { "/me", "/orders", "/mfa" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await Other.GetStatusAsync(path));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await Other.VerifyAsync("123456")).StatusCode);
        var (phone, _) = await Other.BindAsync();
        Assert.Equal("ann@example.com", phone.AccountName);
        Assert.Equal(HttpStatusCode.OK, await Other.GetStatusAsync("/orders"));
        Assert.Null(Other.CookieNamed(Browser.ChallengeCookie));
    }

    [Fact]
    public async Task Login_RecordLostThatTheHostAsksFor_IsRefused()
    {
        await Browser.EnrollAsync();
        await Site.LoseRecordAsync(Ann);

        Assert.Equal("Refused", await Other.LogInAsync());

        AssertLogged("The sign-in of user 'ann', tenant '(null)', was refused: the record is lost");
        Assert.Equal(HttpStatusCode.Unauthorized, await Other.GetStatusAsync("/me"));
        Assert.Null(Other.CookieNamed(Browser.ChallengeCookie));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Login_StoreFails_IsRefused(int call)
    {
        await Browser.EnrollAsync();
        Site.Store.Arm(StoreFault.ThrowBefore, call);

        Assert.Equal("Refused", await Other.LogInAsync());

        Assert.Equal(HttpStatusCode.Unauthorized, await Other.GetStatusAsync("/me"));
        AssertLogged("The sign-in of user 'ann', tenant '(null)', was refused: ");
    }

    // Browsers drop Secure cookies there, so the next step would find no challenge, and nobody would know why.
    [Theory]
    [InlineData("http://192.168.0.7:5000", true)]
    [InlineData("http://localhost:5000", false)]
    [InlineData("http://[::1]:5000", false)]
    [InlineData("https://192.168.0.7", false)]
    public async Task Login_OverPlainHttp_IsWarnedOf(string site, bool isWarned)
    {
        using var client = new HttpClient(Site.Server.CreateHandler()) { BaseAddress = new Uri(site) };

        await client.PostAsJsonAsync("/login", new { name = "ann", password = "correct horse" }, Token);

        Assert.Equal(isWarned, Site.Log.Lines.Any(line => line.Contains("A sign-in came over plain HTTP", StringComparison.Ordinal)));
    }

    // The pages ask such a user to sign in again for ever, and nobody would know why.
    [Theory]
    [InlineData(ClaimTypes.NameIdentifier)]
    [InlineData("sub")]
    public async Task Session_NotBegunByTheLibrary_IsWarnedOfOnce(string userIdClaim)
    {
        Site.Map(endpoints => endpoints.MapGet("/own", (HttpContext context) => context.SignInAsync(
            new ClaimsPrincipal(new ClaimsIdentity([new(userIdClaim, "ann")], "own")))));
        await Other.LogInAsync();
        await Other.GetAsync("/mfa");
        Assert.Empty(Warnings());
        await Browser.GetAsync("/own");

        await Browser.GetAsync("/mfa");
        await Browser.GetAsync("/mfa");

        Assert.Single(Warnings());

        IEnumerable<string> Warnings() =>
            Site.Log.Lines.Where(line => line.Contains("was not begun by MfaSignIn", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Login_RowThatMissedTheEnrollment_IsPutRight()
    {
        var users = Site.UseStubUsers();
        users.IsBroken = true;
        await Browser.EnrollAsync();
        Assert.False(users.IsEnrolled);
        Assert.Contains(Site.Log.Lines, line => line.StartsWith("Error IMfaUsers.SetEnrolledAsync failed", StringComparison.Ordinal));
        users.IsBroken = false;

        Assert.Equal("CodeRequired", await Other.LogInAsync());

        Assert.True(users.IsEnrolled);
    }

    [Fact]
    public async Task Login_ReturnPathLongerThanACookie_IsDropped()
    {
        await Browser.EnrollAsync();

        var response = await BeginAsync(Ann, returnPath: $"/{new string('a', 6000)}");

        Other.Keep(Browser.ChallengeCookie, ValueOf(response, Browser.ChallengeCookie));
        Assert.Equal(HttpStatusCode.OK, await Other.GetStatusAsync("/mfa/challenge"));
        Assert.True(ValueOf(response, Browser.ChallengeCookie).Length < 3900);
    }

    [Fact]
    public async Task Login_FirstFactorOfTheApplication_IsKeptByCodeStepUpAndDisable()
    {
        var (phone, _) = await Browser.EnrollAsync();
        var response = await BeginAsync(Ann, firstFactor: ["hwk", "face"]);
        Other.Keep(Browser.ChallengeCookie, ValueOf(response, Browser.ChallengeCookie));

        await Browser.ReadAsync(await Other.VerifyAsync(phone.GetCode()));

        Assert.Equal(["amr: face", "amr: hwk", "amr: mfa", "amr: otp"], await Other.ClaimsAsync("amr"));
        Site.Clock.Advance(TimeSpan.FromSeconds(30));
        await Other.SubmitAsync("/mfa/step-up", new { code = phone.GetCode() });
        Assert.Equal(["amr: face", "amr: hwk", "amr: mfa", "amr: otp"], await Other.ClaimsAsync("amr"));
        await Other.SubmitAsync("/mfa/disable");
        Assert.Equal(["amr: face", "amr: hwk"], await Other.ClaimsAsync("amr"));
    }

    [Theory]
    [InlineData]
    [InlineData("")]
    [InlineData("pwd", "otp")]
    [InlineData("MFA")]
    [InlineData("recovery")]
    [InlineData("a b")]
    [InlineData("é")]
    public async Task Login_FirstFactorThatIsNone_IsMisuse(params string[] firstFactor) =>
        await Assert.ThrowsAsync<ArgumentException>(() => BeginAsync(Ann, firstFactor: firstFactor));

    [Fact]
    public async Task Login_TenantThatTheSessionWouldForget_IsMisuse()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => BeginAsync(new MfaSubject("ann", "acme")));

        Assert.Contains("MfaSignInOptions.TenantClaim", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_Tenant_IsThatOfTheSession()
    {
        Site.Set("Callroute:MfaSignIn:TenantClaim", "tid");
        var response = await BeginAsync(new MfaSubject("ann", "acme"));
        Browser.Keep(Browser.SessionCookie, ValueOf(response, Browser.SessionCookie));

        await Browser.PostAsync("/mfa/enrollments");

        Assert.Contains("tid: acme", await Browser.ClaimsAsync());
        Assert.Single((await Site.Mfa.GetStatusAsync(new MfaSubject("ann", "acme"), Token)).RecentEvents);
        Assert.Empty((await Site.Mfa.GetStatusAsync(Ann, Token)).RecentEvents);
    }

    [Fact]
    public async Task Verify_RightCode_SignsInAndEndsTheChallenge()
    {
        var (phone, _) = await Browser.EnrollAsync();
        await Other.LogInAsync();

        var answer = await Browser.ReadAsync(await Other.VerifyAsync(phone.GetCode()));

        Assert.Equal("otp", answer.GetProperty("method").GetString());
        Assert.Equal(["amr: mfa", "amr: otp", "amr: pwd"], await Other.ClaimsAsync("amr"));
        Assert.Equal(HttpStatusCode.OK, await Other.GetStatusAsync("/orders"));
        Assert.Null(Other.CookieNamed(Browser.ChallengeCookie));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Other.VerifyAsync(phone.GetCode())).StatusCode);
    }

    [Fact]
    public async Task Verify_RecoveryCodeRepeatedAfterALostResponse_GivesTheSameCodesUntilTheyAreAcknowledged()
    {
        var (_, recoveryCode) = await Browser.EnrollAsync();
        await Other.LogInAsync();

        var first = (await Browser.ReadAsync(await Other.VerifyAsync(recoveryCode))).GetProperty("recoveryCodes");
        var claims = await Other.ClaimsAsync();
        Site.Clock.Advance(TimeSpan.FromMinutes(5));
        var again = (await Browser.ReadAsync(await Other.VerifyAsync(recoveryCode))).GetProperty("recoveryCodes");

        Assert.Equal(first.GetRawText(), again.GetRawText());
        Assert.Equal(["amr: mfa", "amr: pwd", "amr: recovery"], await Other.ClaimsAsync("amr"));
        Assert.Equal(claims, await Other.ClaimsAsync());
        await Other.SubmitAsync($"/mfa/recovery-codes/{first.GetProperty("setId")}/acknowledge");
        Assert.Null(Other.CookieNamed(Browser.ChallengeCookie));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Other.VerifyAsync(recoveryCode)).StatusCode);
    }

    [Fact]
    public async Task Verify_AuthenticatorsChangedSinceThePassword_StartsOver()
    {
        var (phone, _) = await Browser.SignInWithMfaAsync();
        await Other.LogInAsync();
        await Browser.SubmitAsync("/mfa/recovery-codes");

        Assert.Equal(HttpStatusCode.BadRequest, (await Other.VerifyAsync(phone.GetCode())).StatusCode);

        Assert.Null(Other.CookieNamed(Browser.ChallengeCookie));
        await Other.LogInAsync();
        await Browser.ReadAsync(await Other.VerifyAsync(phone.GetCode()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Challenge_PasswordChangedSince_IsOver(bool isEnrollment)
    {
        var users = Site.UseStubUsers();
        (users.Policy, users.SecurityStamp) = (MfaPolicy.Required, "old");
        await Browser.LogInAsync();
        if (!isEnrollment)
        {
            await Browser.BindAsync();
            await Browser.LogInAsync();
        }

        users.SecurityStamp = "new";

        Assert.Equal(HttpStatusCode.Unauthorized, (await Browser.VerifyAsync("123456")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await Browser.PostStatusAsync("/mfa/enrollments"));
    }

    [Fact]
    public async Task Verify_WithoutThePassword_IsNobodysAndCountsNothing()
    {
        var (phone, _) = await Browser.EnrollAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await Other.PostStatusAsync("/login", new { name = "ann", password = "wrong" }));

        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await Other.VerifyAsync(Browser.WrongCodeFor(phone))).StatusCode);
        }

        Assert.Equal(0, (await Site.Mfa.GetStatusAsync(Ann, Token)).TotpOnUnknownDevices.ConsecutiveFailures);
    }

    [Fact]
    public async Task Verify_ManyBrowsersAtOnceWithOneCode_OneIsSignedIn()
    {
        var (phone, _) = await Browser.EnrollAsync();
        var browsers = Enumerable.Range(0, 12).Select(_ => Open()).ToArray();
        await Task.WhenAll(browsers.Select(browser => browser.LogInAsync()));
        var code = phone.GetCode();

        var answers = await Task.WhenAll(browsers.Select(browser => browser.VerifyAsync(code)));

        Assert.Single(answers, answer => answer.IsSuccessStatusCode);
        Array.ForEach(browsers, browser => browser.Dispose());
    }

    [Fact]
    public async Task LogOut_AfterARecoveryThatWasNotAcknowledged_EndsTheChallengeToo()
    {
        var (_, recoveryCode) = await Browser.EnrollAsync();
        await Browser.LogInAsync();
        await Browser.ReadAsync(await Browser.VerifyAsync(recoveryCode));
        var challenge = Browser.CookieNamed(Browser.ChallengeCookie)!;

        await Browser.PostAsync("/logout");

        // The requests of "back" and "reload" at a shared computer.
        Assert.Equal(HttpStatusCode.Unauthorized, (await Browser.VerifyAsync(recoveryCode)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await Browser.GetStatusAsync("/me"));

        // And of a copy of the cookie.
        Other.Keep(Browser.ChallengeCookie, challenge);
        Assert.Equal(HttpStatusCode.BadRequest, (await Other.VerifyAsync(recoveryCode)).StatusCode);
    }

    [Fact]
    public async Task LogOut_StoreFails_EndsTheSessionAndIsLogged()
    {
        await Browser.SignInWithMfaAsync();
        Site.Store.Arm(StoreFault.ThrowBefore, atCall: 1);

        Assert.Equal(HttpStatusCode.OK, await Browser.PostStatusAsync("/logout"));

        Assert.True(Site.Store.HasFired);
        Assert.Equal(HttpStatusCode.Unauthorized, await Browser.GetStatusAsync("/me"));
        Assert.Contains(Site.Log.Lines, line => line.StartsWith("Error User 'ann', tenant '(null)', signed out", StringComparison.Ordinal));
    }

    private static string ValueOf(HttpResponse response, string cookie) => response.Headers.SetCookie
        .Single(value => value!.StartsWith($"{cookie}=", StringComparison.Ordinal))!.Split(';')[0].Split('=', 2)[1];

    private async Task<HttpResponse> BeginAsync(MfaSubject subject, string? returnPath = null, string[]? firstFactor = null)
    {
        await using var scope = Site.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        var signIn = scope.ServiceProvider.GetRequiredService<MfaSignIn>();
        await signIn.BeginAsync(context, subject, returnPath: returnPath, firstFactor: firstFactor, cancellationToken: Token);
        return context.Response;
    }
}
