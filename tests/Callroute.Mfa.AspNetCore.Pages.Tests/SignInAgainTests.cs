using System.Net;
using System.Security.Claims;
using Callroute.Mfa.AspNetCore.Pages.Tests.Setting;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Callroute.Mfa.AspNetCore.Pages.Tests;

/// <summary>The message of a page whose user must sign in again.</summary>
public sealed class SignInAgainTests : PageTest
{
    private static readonly MfaSubject Ann = new("ann");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SignIn_PasswordChangedMeanwhile_SaysThatItHasEnded()
    {
        var (phone, _) = await Browser.EnrollAsync();
        var form = await Browser.LogInAsync();
        Host.Users.Stamp = "changed";

        var ended = await Browser.SubmitAsync(form, "/sign-in", ("code", phone.GetCode()));

        Assert.Equal("That sign-in has ended. Please sign in again.", ended.Notice);
        ended.ShowsNot("<form");
        (await Browser.OpenAsync("/sign-in")).ShowsNot("<form");
    }

    [Fact]
    public async Task SetUp_ResetInTheSecondOfTheSignIn_SaysWhy()
    {
        await Browser.EnrollAsync();
        Host.Clock.Advance(TimeSpan.FromMilliseconds(500));
        await Host.Mfa.ResetAsync(Ann, "test", cancellationToken: Token);

        var ended = await Browser.SubmitAsync(await Browser.LogInAsync(), "/set-up");

        Assert.StartsWith("To set up Multi-Factor Authentication, please sign in again.", ended.Notice, StringComparison.Ordinal);
        ended.ShowsNot("<form");
    }

    [Theory]
    [InlineData(MfaPolicy.Optional)]
    [InlineData(MfaPolicy.Required)]
    public async Task SetUp_NextCodeAfterALostConfirmation_SaysThatItMayBeSetUp(MfaPolicy policy)
    {
        Host.Users.Policy = policy;
        var setUp = await Browser.SubmitAsync(await Browser.LogInAsync(), "/set-up");
        Other.TakeCookiesOf(Browser);
        var (phone, _) = await Other.VerifyAsync(setUp);

        var next = await Browser.SubmitAsync(setUp, "/verify", ("code", phone.GetCode()));

        Assert.StartsWith("This authenticator may be set up already", next.Notice, StringComparison.Ordinal);
        next.Shows("<h1>Sign in again</h1>");
    }

    // The pages keep codes and secrets for one session, and recognise it by the time when it began.
    [Fact]
    public async Task Session_WithoutItsTime_MustSignInAgain()
    {
        await using var host = await PageHost.StartAsync(services => services.AddSingleton<IClaimsTransformation, WithoutTime>());
        using var browser = host.Open();
        await browser.LogInAsync();

        foreach (var path in (string[])["", "/set-up", "/recovery-codes"])
        {
            var page = await browser.OpenAsync(path);
            Assert.Equal(HttpStatusCode.Forbidden, page.Status);
            page.Shows("<h1>Sign in again</h1>");
        }
    }

    [Fact]
    public async Task Session_WithAnIdThatNoUserHas_MustSignInAgain()
    {
        await using var host = await PageHost.StartAsync(map: app =>
        {
            Login.Map(app);
            app.MapGet("/own", (HttpContext context) => context.SignInAsync(
                new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, "\n"), new("auth_time", "1")], "own"))));
        });
        using var browser = host.Open();
        await browser.FollowAsync("/own");

        var again = await browser.OpenAsync();

        Assert.Equal(HttpStatusCode.Forbidden, again.Status);
        Assert.StartsWith("/login", (await browser.SubmitAsync(again, "/sign-in/again")).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Security_RecordLost_SaysThatItCannotBeShown()
    {
        await Browser.EnrollAsync();
        await Host.Mfa.EraseAsync(Ann, Token);
        await Host.Users.SetEnrolledAsync(Ann, isEnrolled: true, Token);

        var security = await Browser.OpenAsync();

        security.Shows("It cannot be shown or changed now.");
        security.ShowsNot("<form");
    }

    [Fact]
    public async Task Code_Unanswered_IsLoggedWithTheTypeOfItsCause()
    {
        using var log = new RecordedLog();
        var store = FaultInjectingStore.Around(new InMemoryMfaStore());
        await using var host = await PageHost.StartAsync(
            services => services.AddSingleton<ILoggerProvider>(log).AddSingleton<IMfaStore>(store));
        using var browser = host.Open();
        var (phone, _) = await browser.EnrollAsync();
        var form = await browser.LogInAsync();
        store.Arm(StoreFault.ThrowBefore, atCall: 1);

        var refused = await browser.SubmitAsync(form, "/sign-in", ("code", phone.GetCode()));

        Assert.StartsWith("We cannot do this right now.", refused.Notice, StringComparison.Ordinal);
        Assert.Contains("Error A code was not answered: System.IO.IOException ", log.Lines);
    }

    private sealed class WithoutTime : IClaimsTransformation
    {
        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            var claims = principal.Claims.Where(claim => claim.Type != MfaClaims.SignInTime);
            return Task.FromResult(new ClaimsPrincipal(new ClaimsIdentity(claims, "test")));
        }
    }
}
