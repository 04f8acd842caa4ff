using Callroute.Mfa.Samples.Tests.Portal.Setting;
using Microsoft.Playwright;

namespace Callroute.Mfa.Samples.Tests.Portal;

/// <summary>"How to use your recovery code".</summary>
public sealed class RecoveryPageTests(Chromium chromium) : BrowserTest(chromium)
{
    [Fact]
    public async Task Recover_AsTheHelpPageSays_GivesANewCodeAndEndsTheOld()
    {
        var ann = await ArriveWithMfaAsync();
        var old = ann.RecoveryCode;
        await ann.SignOutAsync();

        await ann.SignInAsync(old);
        await ann.ReadsAsync("Your old recovery code is no longer valid");
        var replacement = await ann.ReadRecoveryCodeAsync();
        await ann.SaveRecoveryCodeAsync();
        await ann.ReadsAsync("Your recovery code is noted as saved.");
        await ann.SignOutAsync();
        await ann.SignInAsync(old);
        await ann.ReadsAsync(ann.Alert, "That code was not accepted.");
        await ann.EnterCodeAsync(replacement);

        await ann.SeesAsync("Your recovery code");
        Assert.NotEqual(old, replacement);
        Assert.NotEqual(replacement, await ann.ReadRecoveryCodeAsync());
        Assert.Empty(ann.Complaints);
    }

    [Fact]
    public async Task Recover_BackButtonAfterTheCodeIsSaved_ShowsNoCode()
    {
        var ann = await ArriveRecoveredAsync();
        await ann.SaveRecoveryCodeAsync();
        await ann.ReadsAsync("noted as saved");

        await ann.Page.GoBackAsync();

        await Assertions.Expect(ann.Page.Locator(".mfa-secret")).ToHaveCountAsync(0);
        await ann.GoToAsync("/profile/security/recovery-codes");
        await ann.SeesAsync("Security");
    }

    [Fact]
    public async Task Recover_SignedOutWithoutSaving_LeavesNothingToGoBackTo()
    {
        var ann = await ArriveRecoveredAsync();

        await ann.GoToAsync("/profile");
        await ann.SignOutAsync();

        // Only the session that is over could read this cookie.
        Assert.All(
            await ann.SessionCookiesAsync(), cookie => Assert.EndsWith("-unsavedcodes", cookie.Name, StringComparison.Ordinal));
        await ann.GoToAsync("/profile/security/recovery-codes");
        await ann.SeesAsync("Sign in");
    }
}
