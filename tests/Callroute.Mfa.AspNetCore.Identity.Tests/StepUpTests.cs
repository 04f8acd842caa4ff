using System.Net;
using Callroute.Mfa.AspNetCore.Identity.Tests.Setting;
using Microsoft.AspNetCore.Builder;

namespace Callroute.Mfa.AspNetCore.Identity.Tests;

/// <summary>Changes through Identity's pages need a verification that is young.</summary>
public sealed class StepUpTests : IdentityTest
{
    [Theory]
    [InlineData("Disable2fa")]
    [InlineData("ResetAuthenticator")]
    [InlineData("GenerateRecoveryCodes")]
    public async Task Page_WithoutYoungVerification_AsksForACodeAndGoesOn(string name)
    {
        var (phone, _) = await EnrollAsync();
        var signedIn = await Browser.ClaimsAsync("auth_time");
        Site.Clock.Advance(TimeSpan.FromMinutes(11));

        var asked = await Browser.GetAsync(Browser.ManagePage(name));
        Assert.EndsWith("/LoginWith2fa", asked.Path, StringComparison.Ordinal);
        var page = await Browser.SendCodeAsync(asked, phone.GetCode());
        Assert.EndsWith(name, page.Path, StringComparison.Ordinal);
        Assert.Equal(signedIn, await Browser.ClaimsAsync("auth_time"));
        var done = await Browser.SubmitAsync(page);

        Assert.Equal(HttpStatusCode.OK, done.Status);
        Assert.DoesNotContain(name, done.Path, StringComparison.Ordinal);
        Assert.Equal(name != "Disable2fa", await Site.IsEnrolledAsync());
    }

    [Fact]
    public async Task Post_AfterTheVerificationGrewOld_AsksForACode()
    {
        var (phone, _) = await EnrollAndLogOutAsync();
        await Browser.SendCodeAsync(await Browser.LogInAsync(), phone.GetCode());
        var page = await Browser.GetAsync(Browser.ManagePage("Disable2fa"));
        Site.Clock.Advance(TimeSpan.FromMinutes(11));

        Assert.EndsWith("/LoginWith2fa", (await Browser.SubmitAsync(page)).Path, StringComparison.Ordinal);
        Assert.True(await Site.IsEnrolledAsync());
    }

    [Fact]
    public async Task Code_InAnotherSession_IsRefused()
    {
        var (phone, _) = await EnrollAsync();
        Site.Clock.Advance(TimeSpan.FromMinutes(11));
        var asked = await Browser.GetAsync(Browser.ManagePage("Disable2fa"));
        Browser.DropCookie(".AspNetCore.Identity.Application");

        var refused = await Browser.SendCodeAsync(await Browser.GetAsync(asked.Address.PathAndQuery), phone.GetCode());

        Assert.Contains("Invalid authenticator code", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RecoveryCode_AsStepUp_IsConsumed()
    {
        var (_, codes) = await EnrollAsync();
        Site.Clock.Advance(TimeSpan.FromMinutes(11));
        await Browser.GetAsync(Browser.ManagePage("GenerateRecoveryCodes"));

        var page = await Browser.SubmitAsync(
            $"/Identity/Account/LoginWithRecoveryCode?returnUrl={Browser.ManagePage("GenerateRecoveryCodes")}",
            ("Input.RecoveryCode", codes[0]));
        var shown = await Browser.SubmitAsync(page);

        Assert.Equal(10, shown.RecoveryCodes.Except(codes).Count());
        Assert.Equal(10, (await Site.StatusAsync()).RecoveryCodesLeft);
        var asked = await Browser.GetAsync(Browser.ManagePage("GenerateRecoveryCodes"));
        Assert.EndsWith("/LoginWith2fa", asked.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RecoveryCodes_MadeTooOften_TheNextPageSaysSo()
    {
        await EnrollAsync();

        for (var times = 0; times < 5; times++)
        {
            Assert.Equal(10, (await Browser.SubmitAsync(Browser.ManagePage("GenerateRecoveryCodes"))).RecoveryCodes.Length);
        }

        var refused = await Browser.SubmitAsync(Browser.ManagePage("GenerateRecoveryCodes"));
        Assert.Contains("New recovery codes were made too often", refused.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Disable2fa")]
    [InlineData("ResetAuthenticator")]
    public async Task Receipt_ThatCountsNoMore_ChangesNothingAndLeadsToACode(string name)
    {
        var (phone, codes) = await EnrollAndLogOutAsync();
        await Browser.LogInAsync();
        await Browser.SubmitAsync("/Identity/Account/LoginWithRecoveryCode", ("Input.RecoveryCode", codes[0]));
        var issued = await Site.Mfa.RegenerateRecoveryCodesAsync(
            await Site.SubjectAsync(), MfaProof.FromCode(phone.GetCode(), Site.Mfa.BeginAttempt()), TestContext.Current.CancellationToken);
        await Site.Mfa.AcknowledgeRecoveryCodesAsync(
            await Site.SubjectAsync(), issued.RecoveryCodes!.SetId, TestContext.Current.CancellationToken);

        var stamp = await Site.InScopeAsync((users, user) => users.GetSecurityStampAsync(user));

        var refused = await Browser.SubmitAsync(Browser.ManagePage(name));

        Assert.Contains("A new code is needed.", refused.Text, StringComparison.Ordinal);
        Assert.Equal(stamp, await Site.InScopeAsync((users, user) => users.GetSecurityStampAsync(user)));
        Assert.EndsWith("/LoginWith2fa", (await Browser.GetAsync(Browser.ManagePage(name))).Path, StringComparison.Ordinal);
        Assert.True(await Site.IsEnrolledAsync());
    }

    [Theory]
    [InlineData("ExternalLogins", true, "/LoginWith2fa")]
    [InlineData("Passkeys", true, "/LoginWith2fa")]
    [InlineData("ExternalLogins", false, "/ExternalLogins")]
    public async Task WayInWithoutACode_OfAUserWhoHasMfa_NeedsAYoungVerification(string name, bool hasMfa, string expected)
    {
        await RegisterAsync(
            map: app => app.MapGet(Browser.ManagePage("Passkeys"), () => "passkeys").RequireAuthorization());
        if (hasMfa)
        {
            await Browser.EnrollAsync();
        }

        Assert.EndsWith(name, (await Browser.GetAsync(Browser.ManagePage(name))).Path, StringComparison.Ordinal);
        Site.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.EndsWith(expected, (await Browser.GetAsync(Browser.ManagePage(name))).Path, StringComparison.Ordinal);
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
