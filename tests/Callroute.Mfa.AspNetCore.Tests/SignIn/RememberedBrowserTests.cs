using System.Globalization;
using System.Net;
using Callroute.Mfa.AspNetCore.Tests.Setting;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.AspNetCore.Tests.SignIn;

public sealed class RememberedBrowserTests : SiteTest
{
    private const string Prefix = Browser.ChallengeCookie + "-remembered-";

    private VirtualAuthenticator _phone = null!;

    private Cookie[] Cookies() =>
        [.. Browser.Cookies.GetAllCookies().Where(cookie => cookie.Name.StartsWith(Prefix, StringComparison.Ordinal))];

    private async Task<HttpResponseMessage> SignInAsync(bool isOn = true, Action? beforeTheCode = null)
    {
        if (isOn)
        {
            Site.Set("Callroute:Mfa:RememberBrowserLifetime", "14.00:00:00");
        }

        (_phone, _) = await Browser.EnrollAsync();
        await Browser.LogInAsync();
        beforeTheCode?.Invoke();
        var response = await Browser.PostAsync("/mfa/challenge/verify", new { code = _phone.GetCode(), rememberBrowser = true });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Site.Store.Disarm();
        Site.Clock.Advance(TimeSpan.FromMinutes(11));
        return response;
    }

    [Fact]
    public async Task Login_SwitchedOff_WritesNoCookieAndReadsNone()
    {
        await SignInAsync(isOn: false);

        Assert.Empty(Cookies());
        Assert.Equal("CodeRequired", await Browser.LogInAsync());
        Assert.Equal(0, (await Browser.ReadAsync("/mfa/challenge")).GetProperty("rememberBrowserDays").GetInt32());
    }

    [Fact]
    public async Task Login_RememberedBrowser_IsHonestAboutTheCodeAndProvesNoChange()
    {
        var response = await SignInAsync();
        var verifiedAt = await Browser.ClaimsAsync("mfa_time");
        await Browser.PostAsync("/logout");

        Assert.Equal("SignedIn", await Browser.LogInAsync());

        var cookie = Assert.Single(
            response.Headers.GetValues("Set-Cookie"), value => value.StartsWith(Prefix, StringComparison.Ordinal));
        Assert.Matches("=[0-9A-Za-z_-]{50,400}; max-age=1209600; path=/; secure; samesite=lax; httponly$", cookie);
        Assert.Equal(["amr: mfa", "amr: pwd", "amr: remembered"], await Browser.ClaimsAsync("amr"));
        Assert.Equal(verifiedAt, await Browser.ClaimsAsync("mfa_time"));
        Assert.Equal(HttpStatusCode.OK, await Browser.GetStatusAsync("/orders"));
        Assert.Equal(HttpStatusCode.Forbidden, await Browser.PostStatusAsync("/payments"));
        await Browser.FailAsync(HttpStatusCode.Forbidden, "/mfa/disable");
        var until = DateTimeOffset.FromUnixTimeSeconds(long.Parse(verifiedAt[0].Split(' ')[1], CultureInfo.InvariantCulture)).AddDays(14);
        var device = (await Browser.ReadAsync("/mfa")).GetProperty("knownDevices")[0];
        Assert.Equal(until, device.GetProperty("rememberedUntil").GetDateTimeOffset());
    }

    [Fact]
    public async Task StepUp_SessionOfARememberedBrowser_BecomesOneOfACode()
    {
        await SignInAsync();
        await Browser.LogInAsync();

        await Browser.SubmitAsync("/mfa/step-up", new { code = _phone.GetCode() });

        Assert.Equal(["amr: mfa", "amr: otp", "amr: pwd"], await Browser.ClaimsAsync("amr"));
        Assert.Equal(HttpStatusCode.OK, await Browser.PostStatusAsync("/payments"));
    }

    [Theory]
    [InlineData("revoked in another browser")]
    [InlineData("expired")]
    [InlineData("of bob")]
    [InlineData("store fails")]
    public async Task Login_NotRememberedAnyMore_AsksForACode(string kind)
    {
        await SignInAsync();
        switch (kind)
        {
            case "revoked in another browser":
                await Other.LogInAsync();
                await Browser.ReadAsync(await Other.VerifyAsync(_phone.GetCode()));
                await Other.SubmitAsync("/mfa/known-devices/revoke");
                break;
            case "expired":
                Site.Clock.Advance(TimeSpan.FromDays(14));
                break;
            case "of bob":
                var own = Assert.Single(Cookies());
                await Browser.LogInAsBobAsync();
                var (phone, _) = await Browser.BindAsync();
                Site.Clock.Advance(TimeSpan.FromSeconds(30));
                await Browser.LogInAsBobAsync();
                await Browser.SubmitAsync("/mfa/challenge/verify", new { code = phone.GetCode(), rememberBrowser = true });
                Browser.Keep(own.Name, Cookies().Single(cookie => cookie.Name != own.Name).Value);
                break;
            default:
                // The first call finds out that a code is needed.
                Site.Store.Arm(StoreFault.ThrowBefore, 2);
                break;
        }

        Assert.Equal("CodeRequired", await Browser.LogInAsync());
    }

    [Fact]
    public async Task Verify_BrowserCannotBeRemembered_SignsInNevertheless()
    {
        // The code takes a read and a write.
        await SignInAsync(beforeTheCode: () => Site.Store.Arm(StoreFault.ThrowBefore, 3));

        Assert.Equal(HttpStatusCode.OK, await Browser.GetStatusAsync("/orders"));
        Assert.Empty(Cookies());
        Assert.Contains(Site.Log.Lines, line => line.Contains("was not remembered: System.IO.IOException", StringComparison.Ordinal));
    }
}
