using Callroute.Mfa.Samples.Tests.Portal.Setting;
using Microsoft.Playwright;

namespace Callroute.Mfa.Samples.Tests.Portal;

/// <summary>"How to enable MFA for your account".</summary>
public sealed class EnableTests(Chromium chromium) : BrowserTest(chromium)
{
    [Fact]
    public async Task Enable_AsTheHelpPageSays_AsksForACodeFromThenOn()
    {
        var ann = await ArriveAsync();
        await ann.RegisterAsync();

        await ann.EnableMfaAsync();
        await ann.ReadsAsync("You have successfully enabled MFA for your account.");
        await ann.SignOutAsync();
        await ann.SignInAsync(ann.NextCode());

        await ann.SeesAsync("My profile");
        Assert.Equal("Callroute", ann.Phone!.Issuer);
        Assert.Equal("ann@example.com", ann.Phone.AccountName);
        Assert.Empty(ann.Complaints);
    }

    [Fact]
    public async Task Enable_WithoutScript_Works()
    {
        var ann = await ArriveAsync(hasScript: false);
        await ann.RegisterAsync();
        await ann.EnableMfaAsync();
        await ann.SignOutAsync();
        await ann.SignInAsync(ann.NextCode());
        await ann.OpenSecurityAsync();
        await ann.LeaveByAsync(ann.Page.GetByRole(AriaRole.Switch));
        await ann.SeesAsync("Disable Multi-Factor Authentication?");
        await ann.ClickAsync("Disable");

        await ann.ReadsAsync("MFA is now disabled.");
    }

    [Fact]
    public async Task RecoveryCode_CopiedAndDownloaded_IsTheOneShown()
    {
        var ann = await ArriveAsync(new BrowserNewContextOptions { Permissions = ["clipboard-read", "clipboard-write"] });
        await ann.RegisterAsync();
        await ann.SetUpAsync();

        await ann.Button("Copy").ClickAsync();
        await ann.ReadsAsync(ann.Page.Locator(".mfa-said"), "Copied");
        var download = await ann.Page.RunAndWaitForDownloadAsync(() => ann.Link("Download").ClickAsync());

        Assert.Equal(ann.RecoveryCode, await ann.Page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        Assert.Contains(
            ann.RecoveryCode,
            await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.Equal("recovery-code.txt", download.SuggestedFilename);
    }

    [Fact]
    public async Task RecoveryCode_NotSaidToBeSaved_GoesNoFurtherAndIsThereAfterAReload()
    {
        var ann = await ArriveAsync();
        await ann.RegisterAsync();
        await ann.SetUpAsync();

        await ann.Button("Continue").ClickAsync();

        await ann.SeesAsync("Your recovery code");
        await ann.Page.ReloadAsync();
        Assert.Equal(ann.RecoveryCode, await ann.ReadRecoveryCodeAsync());
        await ann.OpenSecurityAsync();
        await ann.ReadsAsync("You have not said that your recovery code is saved.");
    }

    [Fact]
    public async Task Verify_WrongCodesHalfSignedIn_SaysWhyItBeginsAgain()
    {
        var ann = await ArriveAsync();
        await ann.RegisterAsync();
        await RequireAsync(ann);
        await ann.EnterPasswordAsync();
        await ann.ClickAsync("Continue");
        await ann.ScanAsync();

        for (var i = 0; i < 5; i++)
        {
            await ann.VerifyAsync(ann.WrongCode());
        }

        await ann.ReadsAsync(ann.Alert, "Please set up the authenticator again.");
    }

    [Fact]
    public async Task Enable_InOneBrowser_EndsTheSessionWithoutMfaInAnother()
    {
        var ann = await ArriveAsync();
        await ann.RegisterAsync();
        var thief = await ArriveAgainAsync(ann);
        await thief.EnterPasswordAsync();
        await thief.SeesAsync("My profile");

        await ann.EnableMfaAsync();
        await thief.GoToAsync("/profile");

        await thief.SeesAsync("Sign in");
    }
}
