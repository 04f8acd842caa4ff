using Callroute.Mfa.AspNetCore.Identity.Tests.Setting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.AspNetCore.Identity.Tests;

/// <summary>The password alone lets no user in who has MFA or had it.</summary>
public sealed class SignInTests : IdentityTest
{
    private const string Wrong = "000000";
    private const string Unavailable = "Two-factor authentication is not available now.";

    [Theory]
    [InlineData("DELETE FROM callroute_mfa WHERE user_id <> 'key-check'")]
    [InlineData("DROP TABLE callroute_mfa")]
    [InlineData("UPDATE callroute_mfa SET document = 'broken' WHERE user_id <> 'key-check'")]
    public async Task Password_RecordLost_IsRefused(string loss)
    {
        await EnrollAndLogOutAsync();
        await Site.ExecuteAsync(loss);

        Assert.Contains(Unavailable, (await Browser.LogInAsync("/secret")).Text, StringComparison.Ordinal);
        Assert.EndsWith("/Login", (await Browser.GetAsync("/secret")).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Password_ColumnFalseAndRecordEnrolled_AsksForACode()
    {
        await EnrollAndLogOutAsync();
        await Site.ExecuteAsync("UPDATE AspNetUsers SET TwoFactorEnabled = 0");

        Assert.EndsWith("/LoginWith2fa", (await Browser.LogInAsync("/secret")).Path, StringComparison.Ordinal);
        Assert.True(await Site.IsEnrolledAsync());
    }

    [Fact]
    public async Task Password_OldColumnWithoutRecord_IsRefused()
    {
        await RegisterAsync();
        await Browser.LogOutAsync();
        await Site.ExecuteAsync("UPDATE AspNetUsers SET TwoFactorEnabled = 1");

        Assert.Contains(Unavailable, (await Browser.LogInAsync("/secret")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_WrongOften_ShowsTheWait()
    {
        await EnrollAndLogOutAsync();
        var asked = await Browser.LogInAsync();

        var tries = 0;
        var page = asked;
        while (!page.Text.Contains("Try again in", StringComparison.Ordinal) && ++tries < 10)
        {
            page = await Browser.SendCodeAsync(asked, Wrong);
        }

        Assert.InRange(tries, 3, 9);
        Assert.InRange(page.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Assert.Equal(0, await Site.InScopeAsync((users, user) => users.GetAccessFailedCountAsync(user)));
    }

    [Fact]
    public async Task Code_WhileIdentityLocksOut_IsNotConsumed()
    {
        var (phone, _) = await EnrollAndLogOutAsync();
        var asked = await Browser.LogInAsync("/secret");
        await Site.InScopeAsync((users, user) => users.SetLockoutEndDateAsync(user, DateTimeOffset.MaxValue));

        Assert.EndsWith("/Lockout", (await Browser.SendCodeAsync(asked, phone.GetCode())).Path, StringComparison.Ordinal);
        await Site.InScopeAsync((users, user) => users.SetLockoutEndDateAsync(user, null));
        Assert.Equal("secret", (await Browser.SendCodeAsync(asked, phone.GetCode())).Text);
    }

    [Theory]
    [InlineData("password")]
    [InlineData("phone")]
    public async Task Code_AfterAChangeSinceThePassword_IsRefused(string changed)
    {
        var (phone, _) = await EnrollAndLogOutAsync();
        var asked = await Browser.LogInAsync("/secret");
        var subject = await Site.SubjectAsync();
        if (changed == "password")
        {
            await Site.InScopeAsync((users, user) => users.ChangePasswordAsync(user, IdentitySite.Password, "Another-horse-2"));
        }
        else
        {
            var proof = MfaProof.FromCode(phone.GetCode(), Site.Mfa.BeginAttempt());
            await Site.Mfa.RegenerateRecoveryCodesAsync(subject, proof, TestContext.Current.CancellationToken);
            Site.Clock.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.Contains("Invalid", (await Browser.SendCodeAsync(asked, phone.GetCode())).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Browser_Remembered_NeedsNoCodeUntilAReset()
    {
        var (phone, _) = await EnrollAndLogOutAsync();
        await Browser.SendCodeAsync(await Browser.LogInAsync(), phone.GetCode(), remember: true);
        await Browser.LogOutAsync();

        Assert.Equal("secret", (await Browser.LogInAsync("/secret")).Text);
        Assert.Equal(["pwd"], await Browser.ClaimsAsync("amr"));
        await Browser.LogOutAsync();
        await Site.InScopeAsync((users, user) => users.UpdateSecurityStampAsync(user));
        Assert.EndsWith("/LoginWith2fa", (await Browser.LogInAsync("/secret")).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Device_AfterACode_IsKnown()
    {
        var (phone, _) = await EnrollAndLogOutAsync();
        await Browser.SendCodeAsync(await Browser.LogInAsync(), phone.GetCode());

        Assert.Contains(
            Browser.Cookies.GetAllCookies(), cookie => cookie.Name.StartsWith("__Host-callroute-mfa-device-", StringComparison.Ordinal));
        Assert.Single((await Site.StatusAsync()).KnownDevices);
    }

    [Fact]
    public async Task Code_ThroughTheManager_IsConsumed()
    {
        var (phone, codes) = await EnrollAsync();
        Task<bool> VerifyAsync() =>
            Site.InScopeAsync((users, user) => users.VerifyTwoFactorTokenAsync(user, "Authenticator", phone.GetCode()));
        Task<IdentityResult> RedeemAsync() =>
            Site.InScopeAsync((users, user) => users.RedeemTwoFactorRecoveryCodeAsync(user, codes[0]));

        Assert.Equal((true, false), (await VerifyAsync(), await VerifyAsync()));
        Assert.Equal((true, false), ((await RedeemAsync()).Succeeded, (await RedeemAsync()).Succeeded));
        Assert.Equal(9, await Site.InScopeAsync((users, user) => users.CountRecoveryCodesAsync(user)));
    }

    [Theory]
    [InlineData(false, "secret")]
    [InlineData(true, "Two-factor authentication")]
    public async Task ExternalLogin_ThatBypasses_HasNoMfaAndIsAskedIfMfaIsRequired(bool isRequired, string expected)
    {
        await EnrollAndLogOutAsync(
            options => options.RequiredFor = _ => isRequired,
            app => app.MapGet("/external", async (SignInManager<IdentityUser> signIn) =>
                $"{await signIn.ExternalLoginSignInAsync("Contoso", "1", isPersistent: false, bypassTwoFactor: true)}"));
        await Site.InScopeAsync((users, user) => users.AddLoginAsync(user, new("Contoso", "1", "Contoso")));

        Assert.Equal("Succeeded", (await Browser.GetAsync("/external")).Text);

        Assert.Empty(await Browser.ClaimsAsync("amr"));
        Assert.Contains(expected, (await Browser.GetAsync("/secret")).Text, StringComparison.Ordinal);
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
}
