using Callroute.Mfa.Samples.Tests.Portal.Setting;
using Microsoft.Playwright;

namespace Callroute.Mfa.Samples.Tests.Portal;

/// <summary>
/// The Security tab of those who have MFA: other devices, and "How to disable MFA for your account".
/// </summary>
public sealed class ManageTests(Chromium chromium) : BrowserTest(chromium)
{
    [Fact]
    public async Task Disable_AsTheHelpPageSays_AsksForNoCodeFromThenOn()
    {
        var ann = await ArriveSignedInByCodeAsync();
        await ann.OpenSecurityAsync();

        await ann.LeaveByAsync(ann.Page.GetByRole(AriaRole.Switch, new() { Name = "Multi-Factor Authentication" }));
        await ann.ReadsAsync("anyone who knows your password can sign in as you");
        await ann.ClickAsync("Disable");
        await ann.ReadsAsync("MFA is now disabled.");
        await ann.SignOutAsync();
        await ann.EnterPasswordAsync();

        await ann.SeesAsync("My profile");
        Assert.Empty(ann.Complaints);
    }

    [Fact]
    public async Task Enable_AfterDisabling_AsksToSignInAgain()
    {
        var ann = await ArriveWithMfaAsync();
        await ann.PostAsync("/profile/security/disable", ("code", ann.NextCode()));
        Portal.Clock.Advance(TimeSpan.FromSeconds(1));
        await ann.OpenSecurityAsync();

        await ann.ClickAsync("Set up Multi-Factor Authentication");
        await ann.ReadsAsync("To set up Multi-Factor Authentication, please sign in again.");
        await ann.ClickAsync("Sign in");
        await ann.FillAsync("E-mail address", ann.Email);
        await ann.FillAsync("Password", Person.Password);
        await ann.ClickAsync("Sign in");
        await ann.SetUpAnewAsync();

        await ann.ReadsAsync("You have successfully enabled MFA for your account.");
    }

    [Fact]
    public async Task Change_AnswerLostOnTheWay_ShowsTheNewCodeWhenTheFormIsSentAgain()
    {
        var ann = await ArriveWithMfaAsync();
        Portal.Clock.Advance(TimeSpan.FromMinutes(11));
        await ann.OpenSecurityAsync();
        await ann.FollowAsync("Add an authenticator");
        var lost = new TaskCompletionSource<string>();
        await ann.Page.RouteAsync("**/profile/security/set-up", async route =>
        {
            var answer = await (await route.FetchAsync()).TextAsync();
            await route.AbortAsync("aborted");
            lost.SetResult(answer);
        });

        await ann.FillAsync("Code", ann.RecoveryCode);
        await ann.Page.Keyboard.PressAsync("Enter");
        var answer = await lost.Task;
        await ann.Page.UnrouteAllAsync();
        await ann.ClickAsync("Continue");

        await ann.SeesAsync("Your recovery code");
        Assert.Contains(await ann.ReadRecoveryCodeAsync(), answer, StringComparison.Ordinal);
        await ann.SaveRecoveryCodeAsync();
        await ann.SeesAsync("Set up your authenticator app");
    }

    [Fact]
    public async Task Require_ByAnAdministrator_LeadsToSettingUpAndCannotBeDisabled()
    {
        var ann = await ArriveAsync();
        await ann.RegisterAsync();

        await RequireAsync(ann);
        await ann.GoToAsync("/profile");
        await ann.SeesAsync("Sign in");
        await ann.EnterPasswordAsync();
        foreach (var path in (string[])["/profile/security/set-up", "/profile/security/sign-in"])
        {
            await ann.GoToAsync(path);
            await ann.SeesAsync("Set up Multi-Factor Authentication");
        }

        await ann.SetUpAnewAsync();
        await ann.OpenSecurityAsync();
        await ann.ReadsAsync("Your organisation requires it.");
        await Assertions.Expect(ann.Page.GetByRole(AriaRole.Switch)).ToHaveCountAsync(0);
        var answer = await ann.PostAsync("/profile/security/disable", ("code", ann.NextCode()));

        Assert.Contains("Your organisation requires Multi-Factor Authentication", answer, StringComparison.Ordinal);
    }
}
