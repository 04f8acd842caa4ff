using Callroute.Mfa.Samples.Tests.Portal.Setting;

namespace Callroute.Mfa.Samples.Tests.Portal;

/// <summary>A change of the user's MFA, made in one browser while another one is signed in.</summary>
public sealed class OtherSessionsTests(Chromium chromium) : BrowserTest(chromium)
{
    [Theory]
    [InlineData("add")]
    [InlineData("change device")]
    [InlineData("remove")]
    [InlineData("new recovery code")]
    [InlineData("forget devices")]
    [InlineData("disable")]
    public async Task Change_InOneBrowser_EndsTheSessionInAnother(string change)
    {
        var ann = await ArriveWithMfaAsync();
        if (change == "remove")
        {
            await ann.AddDeviceAsync(("code", ann.NextCode()));
        }

        var first = await FirstAuthenticatorAsync(ann);
        var other = await ArriveAgainAsync(ann);
        await other.PassPasswordAsync();
        await other.PostAsync("/profile/security/sign-in", ("code", ann.NextCode()));
        await other.GoToAsync("/profile");
        await other.SeesAsync("My profile");

        var code = ("code", ann.NextCode());
        await (change switch
        {
            "add" => ann.AddDeviceAsync(code),
            "change device" => ann.AddDeviceAsync($"authenticators/{first}/replace", code),
            "remove" => ann.PostAsync($"/profile/security/authenticators/{first}/remove", code),
            "new recovery code" => ann.PostAsync("/profile/security/recovery-codes/new", code),
            "forget devices" => ann.PostAsync("/profile/security/devices", code),
            _ => ann.PostAsync("/profile/security/disable", code),
        });

        await ann.GoToAsync("/profile");
        await ann.SeesAsync("My profile");
        await other.GoToAsync("/profile");
        await other.SeesAsync("Sign in");
    }

    [Fact]
    public async Task RecoveryCode_SaidToBeSavedInOneBrowser_EndsTheSessionInAnother()
    {
        var ann = await ArriveRecoveredAsync();
        var other = await ArriveAgainAsync(ann);
        await other.PassPasswordAsync();
        await other.PostAsync("/profile/security/sign-in", ("code", ann.NextCode()));

        await ann.SaveRecoveryCodeAsync();
        await ann.SeesAsync("Security");
        await other.GoToAsync("/profile");

        await other.SeesAsync("Sign in");
    }

    [Fact]
    public async Task Change_Refused_EndsNoSession()
    {
        var ann = await ArriveSignedInByCodeAsync();
        var other = await ArriveAgainAsync(ann);
        await other.PassPasswordAsync();
        await other.PostAsync("/profile/security/sign-in", ("code", ann.NextCode()));

        await ann.PostAsync("/profile/security/disable", ("code", ann.WrongCode()));
        await other.GoToAsync("/profile");

        await other.SeesAsync("My profile");
    }

    private async Task<string> FirstAuthenticatorAsync(Person person)
    {
        var status = await Portal.Mfa.GetStatusAsync(await FindAsync(person), TestContext.Current.CancellationToken);
        return status.Authenticators[0].Id.ToString();
    }
}
