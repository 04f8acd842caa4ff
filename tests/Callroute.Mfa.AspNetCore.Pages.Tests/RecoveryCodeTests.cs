using System.Net;
using System.Text;
using Callroute.Mfa.AspNetCore.Pages.Tests.Setting;
using Microsoft.AspNetCore.WebUtilities;

namespace Callroute.Mfa.AspNetCore.Pages.Tests;

public sealed class RecoveryCodeTests
{
    private const string Page = "/recovery-codes";

    [Fact]
    public async Task Codes_Reloaded_AreShownUntilSavedAndNeverAfter()
    {
        await using var host = await PageHost.StartAsync();
        using var browser = host.Open();
        var setUp = await browser.SubmitAsync(await browser.LogInAsync(), "/set-up");
        var (phone, codes) = await browser.VerifyAsync(setUp);

        var reloaded = await browser.OpenAsync(Page);
        Assert.Equal(codes.Secrets, reloaded.Secrets);
        reloaded.Shows($"data:text/plain;charset=utf-8,Callroute%3A%20Your%20recovery%20code%0A%0A{codes.Secrets[0]}");
        await browser.SubmitAsync(reloaded);

        Assert.Equal(PageHost.Prefix, (await browser.OpenAsync(Page)).Path);
        var sentAgain = await browser.SubmitAsync(setUp, "/verify", ("code", phone.GetCodeAt(host.Clock.GetUtcNow().AddSeconds(-30))));
        Assert.Empty(sentAgain.Secrets);
        Assert.StartsWith("That set-up has ended", sentAgain.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Codes_TenMinutesLater_AreShownNoMore()
    {
        await using var host = await PageHost.StartAsync();
        using var browser = host.Open();
        await browser.VerifyAsync(await browser.SubmitAsync(await browser.LogInAsync(), "/set-up"));

        host.Clock.Advance(TimeSpan.FromMinutes(10));

        var page = await browser.OpenAsync(Page);
        Assert.Equal((PageHost.Prefix, 0), (page.Path, page.Secrets.Length));
        page.Shows("You have not said that your recovery code is saved.");
    }

    [Theory]
    [InlineData("ann")]
    [InlineData("bob")]
    public async Task Codes_InAnotherSession_AreNotShown(string user)
    {
        await using var host = await PageHost.StartAsync();
        using var browser = host.Open();
        using var other = host.Open();
        var (phone, codes) = await browser.VerifyAsync(await browser.SubmitAsync(await browser.LogInAsync(), "/set-up"));
        foreach (Cookie cookie in browser.Cookies.GetAllCookies())
        {
            other.Cookies.Add(new Cookie(cookie.Name, cookie.Value, "/", "localhost") { Secure = true });
        }

        var signedIn = await other.LogInAsync(user);
        await (user == "ann" ? other.SubmitAsync(signedIn, "/sign-in", ("code", phone.GetCode())) : Task.CompletedTask);
        var page = await other.OpenAsync(Page);

        Assert.Equal((PageHost.Prefix, 0), (page.Path, page.Secrets.Length));
        Assert.Equal(codes.Secrets, (await browser.OpenAsync(Page)).Secrets);
    }

    [Fact]
    public async Task Codes_OfARecoveryWhoseAnswerIsLost_AreShownWhenTheFormIsSentAgain()
    {
        await using var host = await PageHost.StartAsync();
        using var browser = host.Open();
        var (_, recoveryCode) = await browser.EnrollAsync();
        var form = await browser.LogInAsync();

        var lost = await browser.SubmitAsync(form, "/sign-in", ("code", recoveryCode));
        var again = await browser.SubmitAsync(form, "/sign-in", ("code", recoveryCode));

        Assert.Equal(lost.Secrets, again.Secrets);
    }

    [Fact]
    public async Task Cookies_OfSetUpAndCodes_HoldNoSecretInPlainText()
    {
        await using var host = await PageHost.StartAsync();
        using var browser = host.Open();
        var setUp = await browser.SubmitAsync(await browser.LogInAsync(), "/set-up");
        var (_, codes) = await browser.VerifyAsync(setUp);

        var seen = WebUtility.UrlDecode(browser.CookiesSeen);
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
