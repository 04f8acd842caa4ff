using System.Net;
using Callroute.Mfa.AspNetCore.Identity.Tests.Setting;
using Microsoft.AspNetCore.Builder;

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
            $"/Identity/Account/LoginWithRecoveryCode?returnUrl={Browser.ManagePage("GenerateRecoveryCodes")}",
            ("Input.RecoveryCode", codes[0]));
        var shown = await browser.SubmitAsync(page);

        Assert.Equal(10, shown.RecoveryCodes.Except(codes).Count());
        Assert.Equal(10, (await site.StatusAsync()).RecoveryCodesLeft);
        var asked = await browser.GetAsync(Browser.ManagePage("GenerateRecoveryCodes"));
        Assert.EndsWith("/LoginWith2fa", asked.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RecoveryCodes_MadeTooOften_TheNextPageSaysSo()
    {
        await using var site = await IdentitySite.StartAsync();
        using var browser = site.Open();
        await browser.RegisterAsync();
        await browser.EnrollAsync();

        for (var times = 0; times < 5; times++)
        {
            Assert.Equal(10, (await browser.SubmitAsync(Browser.ManagePage("GenerateRecoveryCodes"))).RecoveryCodes.Length);
        }

        var refused = await browser.SubmitAsync(Browser.ManagePage("GenerateRecoveryCodes"));
        Assert.Contains("New recovery codes were made too often", refused.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Disable2fa")]
    [InlineData("ResetAuthenticator")]
    public async Task Receipt_ThatCountsNoMore_ChangesNothingAndLeadsToACode(string name)
    {
        await using var site = await IdentitySite.StartAsync();
        using var browser = site.Open();
        await browser.RegisterAsync();
        var (phone, codes) = await browser.EnrollAsync();
        await browser.LogOutAsync();
        await browser.LogInAsync();
        await browser.SubmitAsync("/Identity/Account/LoginWithRecoveryCode", ("Input.RecoveryCode", codes[0]));
        var issued = await site.Mfa.RegenerateRecoveryCodesAsync(
            await site.SubjectAsync(), MfaProof.FromCode(phone.GetCode(), site.Mfa.BeginAttempt()), TestContext.Current.CancellationToken);
        await site.Mfa.AcknowledgeRecoveryCodesAsync(
            await site.SubjectAsync(), issued.RecoveryCodes!.SetId, TestContext.Current.CancellationToken);

        var stamp = await site.InScopeAsync((users, user) => users.GetSecurityStampAsync(user));

        var refused = await browser.SubmitAsync(Browser.ManagePage(name));

        Assert.Contains("A new code is needed.", refused.Text, StringComparison.Ordinal);
        Assert.Equal(stamp, await site.InScopeAsync((users, user) => users.GetSecurityStampAsync(user)));
        Assert.EndsWith("/LoginWith2fa", (await browser.GetAsync(Browser.ManagePage(name))).Path, StringComparison.Ordinal);
        Assert.True(await site.IsEnrolledAsync());
    }

    [Theory]
    [InlineData("ExternalLogins", true, "/LoginWith2fa")]
    [InlineData("Passkeys", true, "/LoginWith2fa")]
    [InlineData("ExternalLogins", false, "/ExternalLogins")]
    public async Task WayInWithoutACode_OfAUserWhoHasMfa_NeedsAYoungVerification(string name, bool hasMfa, string expected)
    {
        await using var site = await IdentitySite.StartAsync(
            map: app => app.MapGet(Browser.ManagePage("Passkeys"), () => "passkeys").RequireAuthorization());
        using var browser = site.Open();
        await browser.RegisterAsync();
        if (hasMfa)
        {
            await browser.EnrollAsync();
        }

        Assert.EndsWith(name, (await browser.GetAsync(Browser.ManagePage(name))).Path, StringComparison.Ordinal);
        site.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.EndsWith(expected, (await browser.GetAsync(Browser.ManagePage(name))).Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Step_OfASessionFromBeforeThePackage_BelongsToItsBrowser(bool isSameBrowser)
    {
        await using var plain = await IdentitySite.StartPlainAsync();
        using var old = plain.Open();
        var phone = await old.EnrollWithPlainAsync();
        await using var next = await plain.StartNextAsync();
        using var owner = old.Copy(next);
        var asked = await owner.GetAsync(Browser.ManagePage("ResetAuthenticator"));
        using var browser = owner.Copy();
        if (!isSameBrowser)
        {
            browser.DropCookie(".AspNetCore.Identity.Application");
        }

        next.Clock.Advance(TimeSpan.FromSeconds(30));
        var page = await browser.SendCodeAsync(await browser.GetAsync(asked.Address.PathAndQuery), phone.GetCode());

        Assert.EndsWith(isSameBrowser ? "/ResetAuthenticator" : "/LoginWith2fa", page.Path, StringComparison.Ordinal);
    }
}
