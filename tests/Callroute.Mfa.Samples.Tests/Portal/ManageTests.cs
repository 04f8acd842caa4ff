using Callroute.Mfa.Samples.Tests.Portal.Setting;
using Microsoft.Playwright;

namespace Callroute.Mfa.Samples.Tests.Portal;

/// <summary>
/// The Security tab of those who have MFA: other devices, "How to disable MFA for your account", and an administrator's help.
/// </summary>
public sealed class ManageTests(Chromium chromium) : BrowserTest(chromium)
{
    [Fact]
    public async Task Disable_AsTheHelpPageSays_AsksForNoCodeFromThenOn()
    {
        var ann = await ArriveSignedInByCodeAsync();
        await ann.OpenSecurityAsync();

        await ann.Page.GetByRole(AriaRole.Switch, new() { Name = "Multi-Factor Authentication" }).ClickAsync();
        await ann.ReadsAsync(ann.Page.GetByRole(AriaRole.Dialog), "whoever knows your password can sign in as you");
        await ann.ClickAsync("Disable");
        await ann.ReadsAsync("MFA is now disabled.");
        await ann.SignOutAsync();
        await ann.EnterPasswordAsync();

        await ann.SeesAsync("My profile");
        Assert.Empty(ann.Complaints);
    }

    [Fact]
    public async Task Disable_Cancelled_ChangesNothing()
    {
        var ann = await ArriveWithMfaAsync();
        await ann.OpenSecurityAsync();

        await ann.Page.GetByRole(AriaRole.Switch).ClickAsync();
        await ann.FollowAsync("Cancel");

        await Assertions.Expect(ann.Page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
        await Assertions.Expect(ann.Page.GetByRole(AriaRole.Switch)).ToHaveAttributeAsync("aria-checked", "true");
    }

    [Fact]
    public async Task Disable_WhenTheVerificationIsOld_WantsACode()
    {
        var ann = await ArriveSignedInByCodeAsync();
        Portal.Clock.Advance(TimeSpan.FromMinutes(10));
        await ann.OpenSecurityAsync();
        await ann.Page.GetByRole(AriaRole.Switch).ClickAsync();

        await ann.EnterAsync(ann.WrongCode(), "Disable");
        await ann.ReadsAsync(ann.Alert, "That code was not accepted.");
        await ann.EnterAsync(ann.NextCode(), "Disable");

        await ann.ReadsAsync("MFA is now disabled.");
    }

    [Fact]
    public async Task Disable_WhenTheVerificationGetsOldOnThePage_WantsACode()
    {
        var ann = await ArriveSignedInByCodeAsync();
        await ann.OpenSecurityAsync();
        await ann.Page.GetByRole(AriaRole.Switch).ClickAsync();

        Portal.Clock.Advance(TimeSpan.FromMinutes(11));
        await ann.ClickAsync("Disable");

        await ann.ReadsAsync(ann.Alert, "To make this change, enter the code");
        await ann.EnterAsync(ann.NextCode(), "Disable");
        await ann.ReadsAsync("MFA is now disabled.");
    }

    [Fact]
    public async Task Add_ASecondDevice_SignsInWithEither()
    {
        var ann = await ArriveWithMfaAsync();
        var first = ann.Phone!;
        await ann.OpenSecurityAsync();

        await ann.FollowAsync("Add an authenticator");
        await ann.FillAsync("Name of the device (optional)", "Tablet <b>");
        await ann.EnterAsync(ann.NextCode(), "Continue");
        await ann.ScanAsync();
        await ann.VerifyAsync(ann.Phone!.GetCode());

        await ann.ReadsAsync("Your authenticator is set up.");
        await ann.ReadsAsync("Tablet <b>");
        await ann.ReadsAsync("Last used 14 Nov 2026, 09:30 UTC");
        await Assertions.Expect(ann.Page.GetByRole(AriaRole.Link, new() { Name = "Add an authenticator" })).ToHaveCountAsync(0);
        await ann.SignOutAsync();
        await ann.SignInAsync(ann.NextCode());
        await ann.SignOutAsync();
        await ann.SignInAsync(first.GetCode());
        await ann.SeesAsync("My profile");
    }

    [Fact]
    public async Task ChangeDevice_OldOne_WorksUntilTheNewIsVerified()
    {
        var ann = await ArriveWithMfaAsync();
        var old = ann.Phone!;
        await ann.SignOutAsync();
        await ann.SignInAsync(ann.NextCode());
        await ann.OpenSecurityAsync();
        await ann.FollowAsync("Change device of Authenticator app");
        await ann.ClickAsync("Continue");
        await ann.ScanAsync();
        var other = await ArriveAgainAsync(ann);
        Portal.Clock.Advance(TimeSpan.FromSeconds(30));

        await other.SignInAsync(old.GetCode());
        await other.SeesAsync("My profile");
        await ann.VerifyAsync(ann.Phone!.GetCode());
        await ann.ReadsAsync("Your authenticator is set up.");
        await other.SignOutAsync();
        Portal.Clock.Advance(TimeSpan.FromSeconds(30));
        await other.SignInAsync(old.GetCode());
        await other.ReadsAsync(other.Alert, "That code was not accepted.");
        await other.EnterCodeAsync(ann.Phone.GetCode());

        await other.SeesAsync("My profile");
    }

    [Fact]
    public async Task Remove_OneOfTwoDevices_EndsItsCodes()
    {
        var ann = await ArriveWithMfaAsync();
        var first = ann.Phone!;
        await ann.OpenSecurityAsync();
        await ann.FollowAsync("Add an authenticator");
        await ann.EnterAsync(ann.NextCode(), "Continue");
        await ann.ScanAsync();
        await ann.VerifyAsync(ann.Phone!.GetCode());

        await ann.Page.GetByRole(AriaRole.Link, new() { Name = "Remove Authenticator app" }).First.ClickAsync();
        await ann.ClickAsync("Remove");
        await ann.ReadsAsync("The authenticator is removed.");
        await ann.SignOutAsync();
        Portal.Clock.Advance(TimeSpan.FromSeconds(30));
        await ann.SignInAsync(first.GetCode());
        await ann.ReadsAsync(ann.Alert, "That code was not accepted.");
        await ann.EnterCodeAsync(ann.Phone.GetCode());

        await ann.SeesAsync("My profile");
    }

    [Fact]
    public async Task Change_ProvedByARecoveryCode_ShowsTheNewOneFirst()
    {
        var ann = await ArriveWithMfaAsync();
        await ann.OpenSecurityAsync();
        await ann.FollowAsync("Add an authenticator");

        await ann.EnterAsync(ann.RecoveryCode, "Continue");
        await ann.SeesAsync("Your recovery code");
        var replacement = await ann.ReadRecoveryCodeAsync();
        await ann.SaveRecoveryCodeAsync();

        await ann.SeesAsync("Set up your authenticator app");
        Assert.NotEqual(ann.RecoveryCode, replacement);
    }

    [Fact]
    public async Task Reset_ByAnAdministrator_LeadsToSettingUpAnewAndNowhereElse()
    {
        var ann = await ArriveWithMfaAsync();
        var thief = await ArriveAgainAsync(ann);
        await thief.SignInAsync(ann.NextCode());
        await thief.SeesAsync("My profile");
        await ann.SignOutAsync();

        var portal = Path.Combine(AppContext.BaseDirectory, "Portal.dll");
        var (_, said, _) = ExternalProgram.RunAny(
            "dotnet",
            [portal, "reset", ann.Email, "Lost phone; passport checked", $"--Portal:Data={Portal.Data}"],
            workingDirectory: Path.Combine(Repository.Root, "samples", "Portal"));
        await ann.EnterPasswordAsync();
        await ann.ReadsAsync("An administrator has reset your Multi-Factor Authentication.");
        await ann.CheckAsync("reset");
        await ann.GoToAsync("/profile");
        await ann.SeesAsync("Sign in");
        await ann.GoToAsync("/profile/security/enroll");
        await ann.ClickAsync("Continue");
        await ann.ScanAsync();
        await ann.VerifyAsync(ann.Phone!.GetCode());
        await ann.SeesAsync("Your recovery code");
        await ann.SaveRecoveryCodeAsync();

        await ann.ReadsAsync("You have successfully enabled MFA for your account.");
        await ann.ReadsAsync("Multi-Factor Authentication reset by an administrator");
        Assert.Contains($"Reset of {ann.Email}: Succeeded", said, StringComparison.Ordinal);
        await thief.GoToAsync("/profile");
        await thief.SeesAsync("Sign in");
    }
}
