using Callroute.Mfa.Samples.Tests.Portal.Setting;
using Microsoft.Playwright;

namespace Callroute.Mfa.Samples.Tests.Portal;

/// <summary>The Two Factor Authentication page.</summary>
public sealed class CodePageTests(Chromium chromium) : BrowserTest(chromium)
{
    private const string Refused =
        "That code was not accepted. Each code works once: enter the one that your authenticator app shows now, or your entire "
        + "recovery code.";

    [Fact]
    public async Task SignIn_ForAPage_LeadsThereAfterTheCode()
    {
        var ann = await ArriveWithMfaAsync();
        await ann.SignOutAsync();

        await ann.GoToAsync("/profile/security");
        await ann.FillAsync("E-mail address", ann.Email);
        await ann.FillAsync("Password", Person.Password);
        await ann.ClickAsync("Sign in");
        await ann.EnterCodeAsync(ann.NextCode());

        await ann.ReadsAsync("Recent security events");
    }

    [Fact]
    public async Task SignIn_WrongPasswordOrUnknownAddress_SaysTheSame()
    {
        var ann = await ArriveAsync();
        await ann.RegisterAsync();
        await ann.SignOutAsync();
        var nobody = await ArriveAsync("nobody");

        await ann.EnterPasswordAsync("not the password");
        await nobody.EnterPasswordAsync();

        await ann.ReadsAsync(ann.Alert, "The e-mail address or the password is not right.");
        Assert.Equal(await ann.Alert.InnerTextAsync(), await nobody.Alert.InnerTextAsync());
    }

    [Fact]
    public async Task Code_WrongOrOfNoForm_IsRefusedInTheSameWords()
    {
        var ann = await ArriveHalfSignedInAsync();

        foreach (var code in (string[])[ann.WrongCode(), "12345", "not a code at all", "１２３４５", "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF"])
        {
            await ann.EnterCodeAsync(code);
            await Assertions.Expect(ann.Alert).ToHaveTextAsync(Refused);
        }
    }

    [Fact]
    public async Task Codes_TwentyWrong_AreLockedOutUntilTheRecoveryCodeAndANewSetUp()
    {
        var ann = await ArriveWithMfaAsync();
        await ann.Window.ClearCookiesAsync();
        await LockOutAsync(ann);

        await ann.EnterCodeAsync(ann.NextCode());
        await ann.ReadsAsync(ann.Alert, "that kind of code is locked out for 24 hours");
        await ann.EnterCodeAsync(ann.RecoveryCode);
        await ann.SeesAsync("Your recovery code");
        await ann.SaveRecoveryCodeAsync();
        await ann.OpenSecurityAsync();
        var warning = ann.Page.GetByText("Many wrong codes were entered");
        await Assertions.Expect(warning).ToBeVisibleAsync();
        await ann.CheckAsync("security-locked-out");
        await ann.FollowAsync("Change device of Authenticator app");
        await ann.ClickAsync("Continue");
        await ann.ScanAsync();
        await ann.VerifyAsync(ann.Phone!.GetCode());
        await ann.ReadsAsync("Your authenticator is set up.");
        await Assertions.Expect(warning).ToHaveCountAsync(0);
        await ann.SignOutAsync();
        await ann.SignInAsync(ann.NextCode());

        await ann.SeesAsync("My profile");
    }

    [Fact]
    public async Task Codes_TwentyWrongOnAnUnknownDevice_LeaveTheKnownOneAndOtherWaysIn()
    {
        var ann = await ArriveWithMfaAsync();
        var elsewhere = await ArriveAgainAsync(ann);
        await ann.SignOutAsync();
        await LockOutAsync(elsewhere);

        await elsewhere.ReadsAsync(elsewhere.Alert, "that kind of code is locked out for 24 hours");
        foreach (var way in (string[])["change it first", "have signed in with a code before", "Waiting", "recovery code", "administrator"])
        {
            await elsewhere.ReadsAsync(way);
        }

        await elsewhere.CheckAsync("code-locked-out");
        await ann.SignInAsync(ann.NextCode());
        await ann.SeesAsync("My profile");
        await ann.OpenSecurityAsync();
        await ann.ReadsAsync("Many wrong codes were entered on devices that are not among your known ones.");
        await elsewhere.EnterCodeAsync(ann.RecoveryCode);
        await elsewhere.SeesAsync("Your recovery code");
    }

    [Fact]
    public async Task Challenge_Left_IsOver()
    {
        var ann = await ArriveHalfSignedInAsync();

        await ann.ClickAsync("Back to sign in");
        await ann.SeesAsync("Sign in");
        await ann.GoToAsync("/profile/security/sign-in");

        await ann.ReadsAsync("This sign-in took too long");
        Assert.Empty(await ann.SessionCookiesAsync());
    }

    [Fact]
    public async Task BackButton_AfterSigningInAndOut_ShowsNothingOfBefore()
    {
        var ann = await ArriveWithMfaAsync();
        await ann.SignOutAsync();
        await ann.SignInAsync(ann.NextCode());
        await ann.SeesAsync("My profile");

        await ann.Page.GoBackAsync();
        await ann.SeesAsync("My profile");
        await ann.OpenSecurityAsync();
        await ann.ReadsAsync("Recent security events");
        await ann.SignOutAsync();
        await ann.Page.GoBackAsync();

        await ann.SeesAsync("Sign in");
    }
}
