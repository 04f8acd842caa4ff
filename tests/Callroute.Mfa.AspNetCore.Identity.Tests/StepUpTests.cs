using System.Net;
using Callroute.Mfa.AspNetCore.Identity.Tests.Setting;

namespace Callroute.Mfa.AspNetCore.Identity.Tests;

/// <summary>Changes through Identity's pages need a verification that is young.</summary>
public sealed class StepUpTests
{
    [Theory]
    [InlineData("Disable2fa")]
    [InlineData("ResetAuthenticator")]
    [InlineData("GenerateRecoveryCodes")]
    public async Task Page_WithoutYoungVerification_AsksForACodeAndGoesOn(string name)
    {
        await using var site = await IdentitySite.StartAsync();
        using var browser = site.Open();
        await browser.RegisterAsync();
        var (phone, _) = await browser.EnrollAsync();
        var signedIn = await browser.ClaimsAsync("auth_time");
        site.Clock.Advance(TimeSpan.FromMinutes(11));

        var asked = await browser.GetAsync(Browser.ManagePage(name));
        Assert.EndsWith("/LoginWith2fa", asked.Path, StringComparison.Ordinal);
        var page = await browser.SendCodeAsync(asked, phone.GetCode());
        Assert.EndsWith(name, page.Path, StringComparison.Ordinal);
        Assert.Equal(signedIn, await browser.ClaimsAsync("auth_time"));
        var done = await browser.SubmitAsync(page);

        Assert.Equal(HttpStatusCode.OK, done.Status);
        Assert.DoesNotContain(name, done.Path, StringComparison.Ordinal);
        Assert.Equal(name != "Disable2fa", await site.IsEnrolledAsync());
    }

    [Fact]
    public async Task Post_AfterTheVerificationGrewOld_AsksForACode()
    {
        await using var site = await IdentitySite.StartAsync();
        using var browser = site.Open();
        await browser.RegisterAsync();
        var (phone, _) = await browser.EnrollAsync();
        await browser.LogOutAsync();
        await browser.SendCodeAsync(await browser.LogInAsync(), phone.GetCode());
        var page = await browser.GetAsync(Browser.ManagePage("Disable2fa"));
        site.Clock.Advance(TimeSpan.FromMinutes(11));

        Assert.EndsWith("/LoginWith2fa", (await browser.SubmitAsync(page)).Path, StringComparison.Ordinal);
        Assert.True(await site.IsEnrolledAsync());
    }

    [Fact]
    public async Task Code_InAnotherSession_IsRefused()
    {
        await using var site = await IdentitySite.StartAsync();
        using var browser = site.Open();
        await browser.RegisterAsync();
        var (phone, _) = await browser.EnrollAsync();
        site.Clock.Advance(TimeSpan.FromMinutes(11));
        var asked = await browser.GetAsync(Browser.ManagePage("Disable2fa"));
        browser.DropCookie(".AspNetCore.Identity.Application");

        var refused = await browser.SendCodeAsync(await browser.GetAsync(asked.Address.PathAndQuery), phone.GetCode());

        Assert.Contains("Invalid authenticator code", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RecoveryCode_AsStepUp_IsConsumed()
    {
        await using var site = await IdentitySite.StartAsync();
        using var browser = site.Open();
        await browser.RegisterAsync();
        var (_, codes) = await browser.EnrollAsync();
        site.Clock.Advance(TimeSpan.FromMinutes(11));
        await browser.GetAsync(Browser.ManagePage("GenerateRecoveryCodes"));

        var page = await browser.SubmitAsync(
            $"/Identity/Account/LoginWithRecoveryCode?returnUrl={Browser.ManagePage("GenerateRecoveryCodes")}", ("Input.RecoveryCode", codes[0]));
        var shown = await browser.SubmitAsync(page);

        Assert.Equal(10, shown.RecoveryCodes.Except(codes).Count());
        Assert.Equal(10, (await site.StatusAsync()).RecoveryCodesLeft);
    }
}
