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

public sealed class EnrollmentTests
{
    private static readonly string Enable = Browser.ManagePage("EnableAuthenticator");

    [Theory]
    [InlineData("/secret")]
    [InlineData("/Identity/Account/Manage")]
    [InlineData("/Identity/Account/Manage/ChangePassword")]
    public async Task User_WhoMustEnroll_IsLedThereAndNeedsNoSecondCode(string path)
    {
        await using var site = await IdentitySite.StartAsync(options => options.RequiredFor = _ => true);
        using var browser = site.Open();
        await browser.RegisterAsync();

        Assert.Equal(Enable, (await browser.GetAsync(path)).Path);
        await browser.EnrollAsync();

        Assert.Equal(path, (await browser.GetAsync(path)).Path);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Policy_OfARoleOrAClaim_IsForItsUsersOnly(bool isRole)
    {
        await using var site = await IdentitySite.StartAsync(options =>
            (options.RequiredRole, options.RequiredClaim) = isRole ? ("admin", (string?)null) : (null, "clearance"));
        using var browser = site.Open();
        await browser.RegisterAsync();
        Assert.Equal("secret", (await browser.GetAsync("/secret")).Text);

        await site.AddRoleAsync("admin");
        await site.InScopeAsync((users, user) => isRole
            ? users.AddToRoleAsync(user, "admin")
            : users.AddClaimAsync(user, new("clearance", "1")));
        await browser.LogOutAsync();
        await browser.LogInAsync();

        Assert.Equal(Enable, (await browser.GetAsync("/secret")).Path);
    }

    [Fact]
    public async Task Key_SameSessionOrAnother_IsTheSameOrNew()
    {
        await using var site = await IdentitySite.StartAsync();
        using var browser = site.Open();
        using var thief = site.Open();
        await browser.RegisterAsync();
        await thief.LogInAsync();
        var key = (await browser.GetAsync(Enable)).Key;

        Assert.Equal(key, (await browser.GetAsync(Enable)).Key);
        var stolen = (await thief.GetAsync(Enable)).Key;
        Assert.NotEqual(key, stolen);

        // The owner's page is over, and the thief's key is not what the owner's session confirms.
        var page = await browser.GetAsync(Enable);
        Assert.NotEqual(stolen, page.Key);
        await browser.SubmitAsync(page, ("Input.Code", VirtualAuthenticator.FromManualKey(stolen, site.Clock).GetCode()));
        Assert.False(await site.IsEnrolledAsync());
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
        await using var site = await IdentitySite.StartAsync();
        using var browser = site.Open();
        using var thief = site.Open();
        await browser.RegisterAsync();
        await thief.LogInAsync();
        await site.InScopeAsync((users, user) => users.ChangePasswordAsync(user, IdentitySite.Password, "Another-horse-2"));

        Assert.False(Base32.TryDecode((await thief.GetAsync(Enable)).Key, lenient: true, out _));
        site.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.EndsWith("/Login", (await thief.GetAsync("/secret")).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Confirmation_WhoseResponseWasLost_IsRepeated()
    {
        await using var site = await IdentitySite.StartAsync();
        using var browser = site.Open();
        await browser.RegisterAsync();
        var page = await browser.GetAsync(Enable);
        var code = VirtualAuthenticator.FromManualKey(page.Key, site.Clock).GetCode();
        using var lost = browser.Copy();
        var first = await lost.SubmitAsync(page, ("Input.Code", code));

        var again = await browser.SubmitAsync(page, ("Input.Code", code));

        Assert.Equal(10, first.RecoveryCodes.Length);
        Assert.Equal(first.RecoveryCodes, again.RecoveryCodes);
    }

    [Fact]
    public async Task ActiveSecret_AfterEnrolling_IsShownNowhere()
    {
        await using var site = await IdentitySite.StartAsync();
        using var browser = site.Open();
        await browser.RegisterAsync();
        var key = (await browser.GetAsync(Enable)).Key;
        await browser.EnrollAsync();

        var page = await browser.GetAsync(Enable);
        var data = await browser.SubmitAsync(Browser.ManagePage("PersonalData"), Browser.ManagePage("DownloadPersonalData"));
        var outside = await site.InScopeAsync((users, user) => users.GetAuthenticatorKeyAsync(user));

        Assert.False(Base32.TryDecode(page.Key, lenient: true, out _));
        Assert.False(Base32.TryDecode(outside, lenient: true, out _));
        Assert.DoesNotContain(key, data.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("AuthenticatorBound", data.Json.GetProperty("Authenticator Key").GetString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Reset_ByTheUser_ReplacesThePhoneAndEndsOtherSessions()
    {
        await using var site = await IdentitySite.StartAsync();
        using var browser = site.Open();
        using var other = site.Open();
        await browser.RegisterAsync();
        var (old, _) = await browser.EnrollAsync();
        await browser.LogOutAsync();
        await other.SendCodeAsync(await other.LogInAsync(), old.GetCode());
        site.Clock.Advance(TimeSpan.FromSeconds(30));
        await browser.SendCodeAsync(await browser.LogInAsync(), old.GetCode());
        site.Clock.Advance(TimeSpan.FromSeconds(30));

        var page = await browser.SubmitAsync(Browser.ManagePage("ResetAuthenticator"));
        Assert.Equal(Enable, page.Path);
        using var elsewhere = site.Open();
        Assert.Equal("secret", (await elsewhere.SendCodeAsync(await elsewhere.LogInAsync("/secret"), old.GetCode())).Text);
        var phone = VirtualAuthenticator.FromManualKey(page.Key, site.Clock);
        await browser.SubmitAsync(page, ("Input.Code", phone.GetCode()));
        site.Clock.Advance(TimeSpan.FromMinutes(31));

        Assert.Equal("secret", (await browser.GetAsync("/secret")).Text);
        Assert.EndsWith("/Login", (await other.GetAsync("/secret")).Path, StringComparison.Ordinal);
        var asked = await other.LogInAsync("/secret");
        Assert.Contains("Invalid", (await other.SendCodeAsync(asked, old.GetCode())).Text, StringComparison.Ordinal);
        Assert.Equal("secret", (await other.SendCodeAsync(asked, phone.GetCode())).Text);
    }

    [Fact]
    public async Task Disable_ByTheUser_OnlyThisSessionMayEnrollAgain()
    {
        await using var site = await IdentitySite.StartAsync();
        using var browser = site.Open();
        await browser.RegisterAsync();
        var (phone, _) = await browser.EnrollAsync();
        await browser.LogOutAsync();
        await browser.SendCodeAsync(await browser.LogInAsync(), phone.GetCode());
        using var thief = browser.Copy();
        site.Clock.Advance(TimeSpan.FromSeconds(5));

        await browser.SubmitAsync(Browser.ManagePage("Disable2fa"));

        Assert.False(Base32.TryDecode((await thief.GetAsync(Enable)).Key, lenient: true, out _));
        await browser.EnrollAsync();
        Assert.True(await site.IsEnrolledAsync());
    }

    [Fact]
    public async Task Change_ByAnAdministrator_WhenTheStoreRefuses_IsNoSuccess()
    {
        await using var site = await IdentitySite.StartAsync();
        using var browser = site.Open();
        await browser.RegisterAsync();
        await browser.EnrollAsync();
        await site.ExecuteAsync("""
            CREATE TRIGGER no_update BEFORE UPDATE ON callroute_mfa BEGIN SELECT RAISE(IGNORE); END;
            CREATE TRIGGER no_delete BEFORE DELETE ON callroute_mfa BEGIN SELECT RAISE(IGNORE); END
            """);

        Assert.False((await site.InScopeAsync((users, user) => users.ResetAuthenticatorKeyAsync(user))).Succeeded);
        Assert.False((await site.InScopeAsync((users, user) => users.SetTwoFactorEnabledAsync(user, false))).Succeeded);
        await Assert.ThrowsAsync<InvalidOperationException>(() => site.InScopeAsync((users, user) => users.DeleteAsync(user)));
    }

    [Theory]
    [InlineData("own", "MfaProofRequired")]
    [InlineData("of another user", null)]
    [InlineData("none", null)]
    public async Task Change_InABlazorCircuitWithoutARequest_IsAnAdministratorsUnlessItIsTheUsersOwn(string circuit, string? expected)
    {
        await using var site = await IdentitySite.StartAsync();
        using var browser = site.Open();
        await browser.RegisterAsync();
        await browser.EnrollAsync();
        var id = circuit == "own" ? (await site.SubjectAsync()).UserId : "other";
        await using var blazor = await site.StartNextAsync(change: services => services.AddScoped<AuthenticationStateProvider>(_ =>
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
        await using var site = await IdentitySite.StartAsync();
        using var browser = site.Open();
        await browser.RegisterAsync();
        await browser.EnrollAsync();

        Assert.True((await site.InScopeAsync((users, user) => users.ResetAuthenticatorKeyAsync(user))).Succeeded);
        Assert.False(Base32.TryDecode((await browser.GetAsync(Enable)).Key, lenient: true, out _));
        site.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.EndsWith("/Login", (await browser.GetAsync("/secret")).Path, StringComparison.Ordinal);
        Assert.Equal(Enable, (await browser.LogInAsync("/secret")).Path);
        await browser.EnrollAsync();

        Assert.Equal("secret", (await browser.GetAsync("/secret")).Text);
        var reset = (await site.StatusAsync()).RecentEvents.Single(happened => happened.Kind == MfaEventKind.Reset);
        Assert.Equal("Identity's UserManager, outside a request", reset.Reason);
    }

    [Fact]
    public async Task SetTwoFactorEnabled_WithoutAnAuthenticator_Fails()
    {
        await using var site = await IdentitySite.StartAsync();
        using var browser = site.Open();
        await browser.RegisterAsync();

        Assert.False((await site.InScopeAsync((users, user) => users.SetTwoFactorEnabledAsync(user, true))).Succeeded);
        Assert.False(await site.IsEnrolledAsync());
    }

    [Fact]
    public async Task Delete_User_ErasesTheRecord()
    {
        await using var site = await IdentitySite.StartAsync();
        using var browser = site.Open();
        await browser.RegisterAsync();
        await browser.EnrollAsync();
        var subject = await site.SubjectAsync();

        var page = await browser.SubmitAsync(Browser.ManagePage("DeletePersonalData"), ("Input.Password", IdentitySite.Password));

        Assert.Equal(("home", HttpStatusCode.OK), (page.Text, page.Status));
        Assert.Null(await site.Mfa.ExportAsync(subject, TestContext.Current.CancellationToken));
    }
}
