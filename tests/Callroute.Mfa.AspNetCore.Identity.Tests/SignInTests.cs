using Callroute.Mfa.AspNetCore.Identity.Tests.Setting;
using Callroute.Mfa.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Identity.Tests;

/// <summary>The password alone lets no user in who has MFA or had it.</summary>
public sealed class SignInTests
{
    private const string Wrong = "000000";
    private const string Unavailable = "Two-factor authentication is not available now.";

    [Theory]
    [InlineData("DELETE FROM callroute_mfa WHERE user_id <> 'key-check'")]
    [InlineData("DROP TABLE callroute_mfa")]
    [InlineData("UPDATE callroute_mfa SET document = 'broken' WHERE user_id <> 'key-check'")]
    public async Task Password_RecordLost_IsRefused(string loss)
    {
        await using var site = await IdentitySite.StartAsync();
        using var browser = await EnrolledAsync(site);
        await site.ExecuteAsync(loss);

        Assert.Contains(Unavailable, (await browser.LogInAsync("/secret")).Text, StringComparison.Ordinal);
        Assert.EndsWith("/Login", (await browser.GetAsync("/secret")).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Password_ColumnFalseAndRecordEnrolled_AsksForACode()
    {
        await using var site = await IdentitySite.StartAsync();
        using var browser = await EnrolledAsync(site);
        await site.ExecuteAsync("UPDATE AspNetUsers SET TwoFactorEnabled = 0");

        Assert.EndsWith("/LoginWith2fa", (await browser.LogInAsync("/secret")).Path, StringComparison.Ordinal);
        Assert.True(await site.IsEnrolledAsync());
    }

    [Fact]
    public async Task Password_OldColumnWithoutRecord_IsRefused()
    {
        await using var site = await IdentitySite.StartAsync();
        using var browser = site.Open();
        await browser.RegisterAsync();
        await browser.LogOutAsync();
        await site.ExecuteAsync("UPDATE AspNetUsers SET TwoFactorEnabled = 1");

        Assert.Contains(Unavailable, (await browser.LogInAsync("/secret")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_WrongOften_ShowsTheWait()
    {
        await using var site = await IdentitySite.StartAsync();
        using var browser = await EnrolledAsync(site);
        var asked = await browser.LogInAsync();

        var tries = 0;
        var page = asked;
        while (!page.Text.Contains("Try again in", StringComparison.Ordinal) && ++tries < 10)
        {
            page = await browser.SendCodeAsync(asked, Wrong);
        }

        Assert.InRange(tries, 3, 9);
        Assert.InRange(page.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Assert.Equal(0, await site.InScopeAsync((users, user) => users.GetAccessFailedCountAsync(user)));
    }

    [Fact]
    public async Task Code_WhileIdentityLocksOut_IsNotConsumed()
    {
        await using var site = await IdentitySite.StartAsync();
        var (browser, phone) = await EnrolledWithPhoneAsync(site);
        var asked = await browser.LogInAsync("/secret");
        await site.InScopeAsync((users, user) => users.SetLockoutEndDateAsync(user, DateTimeOffset.MaxValue));

        Assert.EndsWith("/Lockout", (await browser.SendCodeAsync(asked, phone.GetCode())).Path, StringComparison.Ordinal);
        await site.InScopeAsync((users, user) => users.SetLockoutEndDateAsync(user, null));
        Assert.Equal("secret", (await browser.SendCodeAsync(asked, phone.GetCode())).Text);
    }

    [Theory]
    [InlineData("password")]
    [InlineData("phone")]
    public async Task Code_AfterAChangeSinceThePassword_IsRefused(string changed)
    {
        await using var site = await IdentitySite.StartAsync();
        var (browser, phone) = await EnrolledWithPhoneAsync(site);
        var asked = await browser.LogInAsync("/secret");
        var subject = await site.SubjectAsync();
        if (changed == "password")
        {
            await site.InScopeAsync((users, user) => users.ChangePasswordAsync(user, IdentitySite.Password, "Another-horse-2"));
        }
        else
        {
            var proof = MfaProof.FromCode(phone.GetCode(), site.Mfa.BeginAttempt());
            await site.Mfa.RegenerateRecoveryCodesAsync(subject, proof, TestContext.Current.CancellationToken);
            site.Clock.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.Contains("Invalid", (await browser.SendCodeAsync(asked, phone.GetCode())).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Browser_Remembered_NeedsNoCodeUntilAReset()
    {
        await using var site = await IdentitySite.StartAsync();
        var (browser, phone) = await EnrolledWithPhoneAsync(site);
        await browser.SendCodeAsync(await browser.LogInAsync(), phone.GetCode(), remember: true);
        await browser.LogOutAsync();

        Assert.Equal("secret", (await browser.LogInAsync("/secret")).Text);
        Assert.Equal(["pwd"], await browser.ClaimsAsync("amr"));
        await browser.LogOutAsync();
        await site.InScopeAsync((users, user) => users.UpdateSecurityStampAsync(user));
        Assert.EndsWith("/LoginWith2fa", (await browser.LogInAsync("/secret")).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Device_AfterACode_IsKnown()
    {
        await using var site = await IdentitySite.StartAsync();
        var (browser, phone) = await EnrolledWithPhoneAsync(site);
        await browser.SendCodeAsync(await browser.LogInAsync(), phone.GetCode());

        Assert.Contains(
            browser.Cookies.GetAllCookies(), cookie => cookie.Name.StartsWith("__Host-callroute-mfa-device-", StringComparison.Ordinal));
        Assert.Single((await site.StatusAsync()).KnownDevices);
    }

    [Fact]
    public async Task Code_ThroughTheManager_IsConsumed()
    {
        await using var site = await IdentitySite.StartAsync();
        using var browser = site.Open();
        await browser.RegisterAsync();
        var (phone, codes) = await browser.EnrollAsync();
        Task<bool> VerifyAsync() =>
            site.InScopeAsync((users, user) => users.VerifyTwoFactorTokenAsync(user, "Authenticator", phone.GetCode()));
        Task<IdentityResult> RedeemAsync() =>
            site.InScopeAsync((users, user) => users.RedeemTwoFactorRecoveryCodeAsync(user, codes[0]));

        Assert.Equal((true, false), (await VerifyAsync(), await VerifyAsync()));
        Assert.Equal((true, false), ((await RedeemAsync()).Succeeded, (await RedeemAsync()).Succeeded));
        Assert.Equal(9, await site.InScopeAsync((users, user) => users.CountRecoveryCodesAsync(user)));
    }

    [Theory]
    [InlineData(false, "secret")]
    [InlineData(true, "Two-factor authentication")]
    public async Task ExternalLogin_ThatBypasses_HasNoMfaAndIsAskedIfMfaIsRequired(bool isRequired, string expected)
    {
        await using var site = await IdentitySite.StartAsync(
            options => options.RequiredFor = _ => isRequired,
            map: app => app.MapGet("/external", async (SignInManager<IdentityUser> signIn) =>
                $"{await signIn.ExternalLoginSignInAsync("Contoso", "1", isPersistent: false, bypassTwoFactor: true)}"));
        using var browser = await EnrolledAsync(site);
        await site.InScopeAsync((users, user) => users.AddLoginAsync(user, new("Contoso", "1", "Contoso")));

        Assert.Equal("Succeeded", (await browser.GetAsync("/external")).Text);

        Assert.Empty(await browser.ClaimsAsync("amr"));
        Assert.Contains(expected, (await browser.GetAsync("/secret")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true, "secret")]
    [InlineData(false, true, "Your login is protected with an authenticator app")]
    [InlineData(true, false, Unavailable)]
    [InlineData(false, false, Unavailable)]
    public async Task Password_OfAUserWhoIsNotMoved_NeedsAnAnswerOfTheStore(bool isRemembered, bool isUp, string expected)
    {
        await using var plain = await IdentitySite.StartPlainAsync();
        using var old = plain.Open();
        await old.EnrollWithPlainAsync(isRemembered);
        await using var next = await plain.StartNextAsync();
        await next.ExecuteAsync(isUp ? "SELECT 1" : "DROP TABLE callroute_mfa");
        using var browser = old.Copy(next);
        browser.DropCookie(".AspNetCore.Identity.Application");

        Assert.Contains(expected, (await browser.LogInAsync("/secret")).Text, StringComparison.Ordinal);
    }

    private static async Task<Browser> EnrolledAsync(IdentitySite site) => (await EnrolledWithPhoneAsync(site)).Browser;

    private static async Task<(Browser Browser, VirtualAuthenticator Phone)> EnrolledWithPhoneAsync(IdentitySite site)
    {
        var browser = site.Open();
        await browser.RegisterAsync();
        var (phone, _) = await browser.EnrollAsync();
        await browser.LogOutAsync();
        return (browser, phone);
    }
}
