using System.Net;
using System.Security.Claims;
using Callroute.Mfa.AspNetCore.Identity.Tests.Setting;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Testing;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Identity.Tests;

public sealed class EnrollmentTests : IdentityTest
{
    private static readonly string Enable = Browser.ManagePage("EnableAuthenticator");

    [Theory]
    [InlineData("/secret")]
    [InlineData("/Identity/Account/Manage")]
    [InlineData("/Identity/Account/Manage/ChangePassword")]
    public async Task User_WhoMustEnroll_IsLedThereAndNeedsNoSecondCode(string path)
    {
        await RegisterAsync(options => options.RequiredFor = _ => true);

        Assert.Equal(Enable, (await Browser.GetAsync(path)).Path);
        await Browser.EnrollAsync();

        Assert.Equal(path, (await Browser.GetAsync(path)).Path);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Policy_OfARoleOrAClaim_IsForItsUsersOnly(bool isRole)
    {
        await RegisterAsync(options =>
            (options.RequiredRole, options.RequiredClaim) = isRole ? ("admin", (string?)null) : (null, "clearance"));
        Assert.Equal("secret", (await Browser.GetAsync("/secret")).Text);

        await Site.AddRoleAsync("admin");
        await Site.InScopeAsync((users, user) => isRole
            ? users.AddToRoleAsync(user, "admin")
            : users.AddClaimAsync(user, new("clearance", "1")));
        await Browser.LogOutAsync();
        await Browser.LogInAsync();

        Assert.Equal(Enable, (await Browser.GetAsync("/secret")).Path);
    }

    [Fact]
    public async Task Key_SameSessionOrAnother_IsTheSameOrNew()
    {
        await RegisterAsync();
        using var thief = Site.Open();
        await thief.LogInAsync();
        var key = (await Browser.GetAsync(Enable)).Key;

        Assert.Equal(key, (await Browser.GetAsync(Enable)).Key);
        var stolen = (await thief.GetAsync(Enable)).Key;
        Assert.NotEqual(key, stolen);

        // The owner's page is over, and the thief's key is not what the owner's session confirms.
        var page = await Browser.GetAsync(Enable);
        Assert.NotEqual(stolen, page.Key);
        await Browser.SubmitAsync(page, ("Input.Code", VirtualAuthenticator.FromManualKey(stolen, Site.Clock).GetCode()));
        Assert.False(await Site.IsEnrolledAsync());
    }

    [Fact]
    public async Task Enrollment_WithoutEncryption_Works()
    {
        await using var site = await IdentitySite.StartAsync();
        using var browser = site.Open("http://localhost");
        await browser.RegisterAsync();
        var key = (await browser.GetAsync(Enable)).Key;

        Assert.Equal(key, (await browser.GetAsync(Enable)).Key);
        await browser.EnrollAsync();
    }

    [Fact]
    public async Task Session_ThatAPasswordChangeHasEnded_CannotEnrollAndIsNotRenewed()
    {
        await RegisterAsync();
        using var thief = Site.Open();
        await thief.LogInAsync();
        await Site.InScopeAsync((users, user) => users.ChangePasswordAsync(user, IdentitySite.Password, "Another-horse-2"));

        Assert.False(Base32.TryDecode((await thief.GetAsync(Enable)).Key, lenient: true, out _));
        Site.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.EndsWith("/Login", (await thief.GetAsync("/secret")).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Confirmation_WhoseResponseWasLost_IsRepeated()
    {
        await RegisterAsync();
        var page = await Browser.GetAsync(Enable);
        var code = VirtualAuthenticator.FromManualKey(page.Key, Site.Clock).GetCode();
        using var lost = Browser.Copy();
        var first = await lost.SubmitAsync(page, ("Input.Code", code));

        var again = await Browser.SubmitAsync(page, ("Input.Code", code));

        Assert.Equal(10, first.RecoveryCodes.Length);
        Assert.Equal(first.RecoveryCodes, again.RecoveryCodes);
    }

    // The code is of the app that the user has. It must not count as a confirmation of the new one. The library tries a write 20 times.
    [Fact]
    public async Task Confirmation_TooManyConflicts_IsRefusedAndUsesNoCode()
    {
        var (phone, _) = await EnrollAsync();
        var page = await Browser.SubmitAsync(Browser.ManagePage("ResetAuthenticator"));
        await Site.ExecuteAsync("""
            CREATE TABLE conflicts (coming INTEGER);
            INSERT INTO conflicts VALUES (20);
            CREATE TRIGGER conflict BEFORE UPDATE ON callroute_mfa WHEN (SELECT coming FROM conflicts) > 0 BEGIN
                UPDATE conflicts SET coming = coming - 1; SELECT RAISE(IGNORE);
            END
            """);

        var refused = await Browser.SubmitAsync(page, ("Input.Code", phone.GetCode()));

        Assert.Contains("Verification code is invalid.", refused.Text, StringComparison.Ordinal);
        var verified = await Site.Mfa.VerifyAsync(
            await Site.SubjectAsync(), phone.GetCode(), Site.Mfa.BeginAttempt(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(verified.Succeeded);
    }

    [Fact]
    public async Task ActiveSecret_AfterEnrolling_IsShownNowhere()
    {
        await RegisterAsync();
        var key = (await Browser.GetAsync(Enable)).Key;
        await Browser.EnrollAsync();

        var page = await Browser.GetAsync(Enable);
        var data = await Browser.SubmitAsync(Browser.ManagePage("PersonalData"), Browser.ManagePage("DownloadPersonalData"));
        var outside = await Site.InScopeAsync((users, user) => users.GetAuthenticatorKeyAsync(user));

        Assert.Equal("(0) an app is set up and its key is not here", page.KeyText);
        Assert.False(Base32.TryDecode(page.Key, lenient: true, out _));
        Assert.False(Base32.TryDecode(outside, lenient: true, out _));
        Assert.DoesNotContain(key, data.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("AuthenticatorBound", data.Json.GetProperty("Authenticator Key").GetString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Reset_ByTheUser_ReplacesThePhoneAndEndsOtherSessions()
    {
        var (old, _) = await EnrollAndLogOutAsync();
        using var other = Site.Open();
        await other.SendCodeAsync(await other.LogInAsync(), old.GetCode());
        Site.Clock.Advance(TimeSpan.FromSeconds(30));
        await Browser.SendCodeAsync(await Browser.LogInAsync(), old.GetCode());
        Site.Clock.Advance(TimeSpan.FromSeconds(30));

        var page = await Browser.SubmitAsync(Browser.ManagePage("ResetAuthenticator"));
        Assert.Equal(Enable, page.Path);
        using var elsewhere = Site.Open();
        Assert.Equal("secret", (await elsewhere.SendCodeAsync(await elsewhere.LogInAsync("/secret"), old.GetCode())).Text);
        var phone = VirtualAuthenticator.FromManualKey(page.Key, Site.Clock);
        await Browser.SubmitAsync(page, ("Input.Code", phone.GetCode()));
        Site.Clock.Advance(TimeSpan.FromMinutes(31));

        Assert.Equal("secret", (await Browser.GetAsync("/secret")).Text);
        Assert.EndsWith("/Login", (await other.GetAsync("/secret")).Path, StringComparison.Ordinal);
        var asked = await other.LogInAsync("/secret");
        Assert.Contains("Invalid", (await other.SendCodeAsync(asked, old.GetCode())).Text, StringComparison.Ordinal);
        Assert.Equal("secret", (await other.SendCodeAsync(asked, phone.GetCode())).Text);
    }

    [Fact]
    public async Task Disable_ByTheUser_OnlyThisSessionMayEnrollAgain()
    {
        var (phone, _) = await EnrollAndLogOutAsync();
        await Browser.SendCodeAsync(await Browser.LogInAsync(), phone.GetCode());
        using var thief = Browser.Copy();
        Site.Clock.Advance(TimeSpan.FromSeconds(5));

        await Browser.SubmitAsync(Browser.ManagePage("Disable2fa"));

        var refused = await thief.GetAsync(Enable);
        Assert.Equal("(0) to get a key log out and log in", refused.KeyText);
        Assert.False(Base32.TryDecode(refused.Key, lenient: true, out _));
        await Browser.EnrollAsync();
        Assert.True(await Site.IsEnrolledAsync());
    }

    [Fact]
    public async Task Change_ByAnAdministrator_WhenTheStoreRefuses_IsNoSuccess()
    {
        await EnrollAsync();
        await Site.ExecuteAsync("""
            CREATE TRIGGER no_update BEFORE UPDATE ON callroute_mfa BEGIN SELECT RAISE(IGNORE); END;
            CREATE TRIGGER no_delete BEFORE DELETE ON callroute_mfa BEGIN SELECT RAISE(IGNORE); END
            """);

        Assert.False((await Site.InScopeAsync((users, user) => users.ResetAuthenticatorKeyAsync(user))).Succeeded);
        Assert.False((await Site.InScopeAsync((users, user) => users.SetTwoFactorEnabledAsync(user, false))).Succeeded);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Site.InScopeAsync((users, user) => users.DeleteAsync(user)));
    }

    [Theory]
    [InlineData("own", "MfaProofRequired")]
    [InlineData("of another user", null)]
    [InlineData("none", null)]
    public async Task Change_InABlazorCircuitWithoutARequest_IsAnAdministratorsUnlessItIsTheUsersOwn(string circuit, string? expected)
    {
        await EnrollAsync();
        var id = circuit == "own" ? (await Site.SubjectAsync()).UserId : "other";
        await using var blazor = await Site.StartNextAsync(change: services => services.AddScoped<AuthenticationStateProvider>(_ =>
        {
            var provider = new ServerAuthenticationStateProvider();
            if (circuit != "none")
            {
                var user = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, id)], "cookie"));
                provider.SetAuthenticationState(Task.FromResult(new AuthenticationState(user)));
            }

            return provider;
        }));

        var disabled = await blazor.InScopeAsync((users, user) => users.SetTwoFactorEnabledAsync(user, false));

        Assert.Equal(expected, disabled.Errors.FirstOrDefault()?.Code);
    }

    [Fact]
    public async Task Reset_ByAnAdministrator_LetsTheUserEnrollAfterTheNextSignIn()
    {
        await EnrollAsync();

        Assert.True((await Site.InScopeAsync((users, user) => users.ResetAuthenticatorKeyAsync(user))).Succeeded);
        Assert.False(Base32.TryDecode((await Browser.GetAsync(Enable)).Key, lenient: true, out _));
        Site.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.EndsWith("/Login", (await Browser.GetAsync("/secret")).Path, StringComparison.Ordinal);
        Assert.Equal(Enable, (await Browser.LogInAsync("/secret")).Path);
        await Browser.EnrollAsync();

        Assert.Equal("secret", (await Browser.GetAsync("/secret")).Text);
        var reset = (await Site.StatusAsync()).RecentEvents.Single(happened => happened.Kind == MfaEventKind.Reset);
        Assert.Equal("Identity's UserManager, outside a request", reset.Reason);
    }

    [Fact]
    public async Task SetTwoFactorEnabled_WithoutAnAuthenticator_Fails()
    {
        await RegisterAsync();

        Assert.False((await Site.InScopeAsync((users, user) => users.SetTwoFactorEnabledAsync(user, true))).Succeeded);
        Assert.False(await Site.IsEnrolledAsync());
    }

    [Fact]
    public async Task Delete_User_ErasesTheRecord()
    {
        await EnrollAsync();
        var subject = await Site.SubjectAsync();

        var page = await Browser.SubmitAsync(Browser.ManagePage("DeletePersonalData"), ("Input.Password", IdentitySite.Password));

        Assert.Equal(("home", HttpStatusCode.OK), (page.Text, page.Status));
        Assert.Null(await Site.Mfa.ExportAsync(subject, TestContext.Current.CancellationToken));
    }
}
