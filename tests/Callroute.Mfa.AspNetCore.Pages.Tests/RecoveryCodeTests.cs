using System.Net;
using System.Text;
using Callroute.Mfa.AspNetCore.Pages.Tests.Setting;
using Microsoft.AspNetCore.WebUtilities;

namespace Callroute.Mfa.AspNetCore.Pages.Tests;

public sealed class RecoveryCodeTests : PageTest
{
    private const string Page = "/recovery-codes";

    [Fact]
    public async Task Codes_Reloaded_AreShownUntilSavedAndNeverAfter()
    {
        var setUp = await Browser.SubmitAsync(await Browser.LogInAsync(), "/set-up");
        var (phone, codes) = await Browser.VerifyAsync(setUp);

        var reloaded = await Browser.OpenAsync(Page);
        Assert.Equal(codes.Secrets, reloaded.Secrets);
        reloaded.Shows($"data:text/plain;charset=utf-8,Callroute%3A%20Your%20recovery%20code%0A%0A{codes.Secrets[0]}");
        await Browser.SubmitAsync(reloaded);

        Assert.Equal(PageHost.Prefix, (await Browser.OpenAsync(Page)).Path);
        var sentAgain = await Browser.SubmitAsync(setUp, "/verify", ("code", phone.GetCodeAt(Host.Clock.GetUtcNow().AddSeconds(-30))));
        Assert.Empty(sentAgain.Secrets);
        Assert.StartsWith("That set-up has ended", sentAgain.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Codes_TenMinutesLater_AreShownNoMore()
    {
        await Browser.VerifyAsync(await Browser.SubmitAsync(await Browser.LogInAsync(), "/set-up"));

        Host.Clock.Advance(TimeSpan.FromMinutes(10));

        var page = await Browser.OpenAsync(Page);
        Assert.Equal((PageHost.Prefix, 0), (page.Path, page.Secrets.Length));
        page.Shows("You have not said that your recovery code is saved.");
    }

    [Theory]
    [InlineData("ann")]
    [InlineData("bob")]
    public async Task Codes_InAnotherSession_AreNotShown(string user)
    {
        var (phone, codes) = await Browser.VerifyAsync(await Browser.SubmitAsync(await Browser.LogInAsync(), "/set-up"));
        Other.TakeCookiesOf(Browser);
        var signedIn = await Other.LogInAsync(user);
        await (user == "ann" ? Other.SubmitAsync(signedIn, "/sign-in", ("code", phone.GetCode())) : Task.CompletedTask);
        var page = await Other.OpenAsync(Page);

        Assert.Equal((PageHost.Prefix, 0), (page.Path, page.Secrets.Length));
        Assert.Equal(codes.Secrets, (await Browser.OpenAsync(Page)).Secrets);
    }

    [Fact]
    public async Task Codes_OfARecoveryWhoseAnswerIsLost_AreShownWhenTheFormIsSentAgain()
    {
        var (_, recoveryCode) = await Browser.EnrollAsync();
        var form = await Browser.LogInAsync();

        var lost = await Browser.SubmitAsync(form, "/sign-in", ("code", recoveryCode));
        var again = await Browser.SubmitAsync(form, "/sign-in", ("code", recoveryCode));

        Assert.Equal(lost.Secrets, again.Secrets);
    }

    // The browser checks that no cookie is too long for a browser.
    [Theory]
    [InlineData('a', 2500, PageHost.Prefix)]
    [InlineData('&', 600, "/inside")]
    public async Task Codes_OfARecoveryOnTheWayToALongAddress_AreShown(char letter, int length, string next)
    {
        var (_, recoveryCode) = await Browser.EnrollAsync();
        var form = await Browser.LogInAsync(path: $"/inside?{new string(letter, length)}");

        var codes = await Browser.SubmitAsync(form, "/sign-in", ("code", recoveryCode));

        Assert.Single(codes.Secrets);
        Assert.StartsWith(next, (await Browser.SubmitAsync(codes)).Path, StringComparison.Ordinal);
    }

    // The browser checks the cookies here too: this is the largest one.
    [Fact]
    public async Task Codes_SixteenOfALongNameOnTheWayToALongAddress_AreShown()
    {
        await using var host = await PageHost.StartAsync(mfa: options => options.Recovery.Count = 16);
        host.Users.Policy = MfaPolicy.Required;
        using var browser = host.Open();
        var begin = await browser.LogInAsync(new string('n', MfaSubject.MaximumLength), $"/inside?{new string('a', 1980)}");

        var (_, codes) = await browser.VerifyAsync(await browser.SubmitAsync(begin, "/set-up"));

        Assert.Equal(16, codes.Secrets.Length);
        Assert.StartsWith("/inside", (await browser.SubmitAsync(codes)).Path, StringComparison.Ordinal);
    }

    // A session without a proof must not end the other sessions of its user at will.
    [Fact]
    public async Task Saved_CodesThatWereNotShownHere_IsNoChange()
    {
        var changes = 0;
        await using var host = await PageHost.StartAsync(pages: pages => pages.OnChanged = _ => Task.FromResult(changes++));
        using var browser = host.Open();
        await browser.SignInAsync((await browser.EnrollAsync()).Phone);
        var codes = await browser.SubmitAsync(await browser.OpenAsync(Page + "/new"), "/new");
        var before = changes;

        var refused = await browser.SubmitAsync(codes, Page, ("set", $"{Guid.NewGuid()}"));

        Assert.StartsWith("That is not your latest recovery code", refused.Notice, StringComparison.Ordinal);
        Assert.Equal(before, changes);
        Assert.Equal(codes.Secrets, (await browser.OpenAsync(Page)).Secrets);
        (await browser.OpenAsync()).Shows("so the one before still works");
        await browser.SubmitAsync(codes, Page);
        Assert.Equal(before + 1, changes);
    }

    [Fact]
    public async Task Cookies_OfSetUpAndCodes_HoldNoSecretInPlainText()
    {
        var setUp = await Browser.SubmitAsync(await Browser.LogInAsync(), "/set-up");
        var (_, codes) = await Browser.VerifyAsync(setUp);

        var seen = WebUtility.UrlDecode(Browser.CookiesSeen);
        var decoded = string.Concat(seen.Split('=', ';', '.').Where(part => part.Length > 20).Select(Decode));
        foreach (var secret in new[] { setUp.Secrets[0], setUp.Secrets[0].Replace(" ", "", StringComparison.Ordinal), codes.Secrets[0] })
        {
            Assert.DoesNotContain(secret, seen + decoded, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static string Decode(string text)
    {
        try
        {
            return Encoding.Latin1.GetString(WebEncoders.Base64UrlDecode(text));
        }
        catch (FormatException)
        {
            return string.Empty;
        }
    }
}
