using System.Globalization;
using System.Net;
using Callroute.Mfa.AspNetCore.Pages.Tests.Setting;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.AspNetCore.Pages.Tests;

public sealed class SafetyTests : PageTest
{
    private static string WrongCodeFor(VirtualAuthenticator phone) => phone.GetCode() == "000000" ? "000001" : "000000";

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    public async Task Form_OfAnotherSite_IsRefusedEverywhere(string header, string value)
    {
        await Browser.EnrollAsync();

        Assert.True(Host.FormAddresses.Length > 12);
        foreach (var address in Host.FormAddresses)
        {
            using var response = await Browser.PostAsync(address, new() { ["code"] = "123456" }, (header, value));
            Assert.Equal((address, HttpStatusCode.Forbidden), (address, response.StatusCode));
        }

        Assert.True((await Host.StatusAsync()).IsEnabled);
    }

    [Fact]
    public async Task Form_WithoutItsUser_IsRefusedEverywhere()
    {
        await Browser.EnrollAsync();

        foreach (var address in Host.FormAddresses)
        {
            using var response = await Browser.PostAsync(address, []);
            Assert.Equal((address, PageHost.Prefix), (address, response.Headers.Location?.OriginalString));
            Assert.StartsWith("That form was not yours", (await Browser.OpenAsync()).Notice, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Form_ShownToAnotherUser_IsRefused()
    {
        var (_, (bob, _)) = (await Browser.EnrollAsync(), await Other.EnrollAsync("bob"));
        var old = await Browser.OpenAsync("/disable");
        await Browser.SubmitAsync(await Browser.LogInAsync("bob"), "/sign-in", ("code", bob.GetCode()));

        var refused = await Browser.SubmitAsync(old, "/disable");

        Assert.StartsWith("That form was not yours", refused.Notice, StringComparison.Ordinal);
        Assert.True((await Host.StatusAsync()).IsEnabled && (await Host.StatusAsync("bob")).IsEnabled);
    }

    [Fact]
    public async Task Notice_OfAnotherUser_IsNotSaid()
    {
        var ((ann, _), _) = (await Browser.EnrollAsync(), await Other.EnrollAsync("bob"));
        await GuessAsync(ann);

        var bobs = await Browser.LogInAsync("bob");

        Assert.Equal((HttpStatusCode.OK, string.Empty), (bobs.Status, bobs.Notice));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await Browser.LogInAsync()).Status);
    }

    // A user whose session has ended is led to the sign-in, and from there to the address of the form.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FormAddress_Opened_IsAPage(bool isSignedIn)
    {
        await (isSignedIn ? Browser.EnrollAsync() : Task.CompletedTask);

        foreach (var address in Host.FormAddresses.Where(address => !address.EndsWith("/sign-in/again", StringComparison.Ordinal)))
        {
            var page = await Browser.OpenAsync(address[PageHost.Prefix.Length..]);
            Assert.Equal((address, HttpStatusCode.OK), (address, page.Status));
        }
    }

    // 302 is the application's own way to its sign-in.
    [Fact]
    public async Task Form_WhenTheSessionHasEnded_LeadsToThisSite()
    {
        foreach (var address in Host.FormAddresses)
        {
            using var response = await Browser.PostAsync(address, new() { ["code"] = "123456" });
            Assert.True(response.StatusCode is HttpStatusCode.SeeOther or HttpStatusCode.Found, $"{address}: {response.StatusCode}");
            Assert.Matches("^(https://localhost)?/[a-z]", $"{response.Headers.Location}");
        }
    }

    [Fact]
    public async Task Form_WithTooManyFields_IsAnEmptyOne()
    {
        await Browser.EnrollAsync();
        await Browser.LogInAsync();

        using var response = await Browser.PostAsync(
            $"{PageHost.Prefix}/sign-in", Enumerable.Range(0, 1100).ToDictionary(it => $"{it}", _ => "1"));

        Assert.Equal((HttpStatusCode.SeeOther, $"{PageHost.Prefix}/sign-in"), (response.StatusCode, $"{response.Headers.Location}"));
    }

    [Theory]
    [InlineData("?news=Disabled&notice=Notice.Disabled&message=Notice.Disabled&key=Notice.Disabled", null)]
    [InlineData("", "eyJGb3IiOiIiLCJLZXkiOiJOb3RpY2UuRGlzYWJsZWQifQ")]
    public async Task Notice_FromTheAddressOrAForgedCookie_IsNotSaid(string query, string? cookie)
    {
        await Browser.EnrollAsync();
        Browser.Cookies.Add(new Cookie("__Host-callroute-mfa-notice", cookie, "/", "localhost") { Secure = true });

        var page = await Browser.OpenAsync(query);

        Assert.Equal(string.Empty, page.Notice);
        page.ShowsNot("MFA is now disabled.");
    }

    // The session's own verification is recent, but it was by the authenticator that is gone.
    [Fact]
    public async Task Change_AfterTheAuthenticatorOfTheSessionWasRemoved_AsksForACode()
    {
        var (phone, _) = await Browser.EnrollAsync();
        await Browser.VerifyAsync(await Browser.SubmitAsync(await Browser.OpenAsync("/set-up"), "/set-up"));
        var remove = $"/authenticators/{(await Host.StatusAsync()).Authenticators[1].Id}/remove";
        await Browser.SubmitAsync(await Browser.OpenAsync(remove), remove);

        var refused = await Browser.SubmitAsync(await Browser.OpenAsync("/disable"), "/disable");
        refused.Shows("id=\"code\"");
        var again = await Browser.SubmitAsync(refused, "/disable", ("code", "no code"));
        again.Shows("id=\"code\"");

        Assert.Equal("MFA is now disabled.", (await Browser.SubmitAsync(again, "/disable", ("code", phone.GetCode()))).Notice);
    }

    [Fact]
    public async Task SetUp_SecondTab_ShowsThatOfTheFirst()
    {
        var security = await Browser.LogInAsync();

        var first = await Browser.SubmitAsync(security, "/set-up");
        var second = await Browser.SubmitAsync(security, "/set-up");
        var third = await Browser.OpenAsync("/set-up");
        var (_, codes) = await Browser.VerifyAsync(first);

        Assert.Equal([first.ProvisioningUri, first.ProvisioningUri], [second.ProvisioningUri, third.ProvisioningUri]);
        Assert.Single(codes.Secrets);
    }

    [Fact]
    public async Task SetUp_ForAnotherPurposeInASecondTab_SaysThatTheFirstOneEnds()
    {
        await Browser.SignInAsync((await Browser.EnrollAsync()).Phone);
        var id = (await Host.StatusAsync()).Authenticators[0].Id;
        var first = await Browser.SubmitAsync(await Browser.OpenAsync("/set-up"), "/set-up");

        var second = await Browser.OpenAsync($"/authenticators/{id}/replace");
        second.Shows("You have begun to set up another authenticator. If you continue here, that set-up ends.");
        await Browser.SubmitAsync(second, "/replace");
        var ended = await Browser.SubmitAsync(first, "/verify", ("code", "123456"));

        Assert.StartsWith("That set-up has ended", ended.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_Refused_FocusesTheFieldAndSaysSoOnce()
    {
        var (phone, _) = await Browser.EnrollAsync();
        var form = await Browser.LogInAsync();
        Assert.DoesNotContain("aria-invalid", form.Html, StringComparison.Ordinal);

        var refused = await Browser.SubmitAsync(form, "/sign-in", ("code", WrongCodeFor(phone)));

        Assert.Equal(HttpStatusCode.OK, refused.Status);
        Assert.StartsWith("That code was not accepted.", refused.Notice, StringComparison.Ordinal);
        var field = refused.Html.Split("<input id=\"code\"")[1].Split('>')[0];
        Assert.All(
            [
                "inputmode=\"numeric\"", "autocomplete=\"one-time-code\"", " autofocus", "aria-invalid=\"true\"",
                "aria-describedby=\"error\"",
            ],
            attribute => Assert.Contains(attribute, field, StringComparison.Ordinal));
        Assert.Equal(string.Empty, (await Browser.OpenAsync("/sign-in")).Notice);
    }

    [Fact]
    public async Task Code_RefusedWithAWait_Answers429UntilItIsOver()
    {
        var (phone, _) = await Browser.EnrollAsync();
        var page = await GuessAsync(phone);

        Assert.Equal(HttpStatusCode.TooManyRequests, page.Status);
        var seconds = (int)page.Response.Headers.RetryAfter!.Delta!.Value.TotalSeconds;
        Assert.InRange(seconds, 1, 60);
        page.Shows($"data-seconds=\"{seconds.ToString(CultureInfo.InvariantCulture)}\"");
        page.Shows("Then somebody knows your password");
        page.Shows("Your entire recovery code.");
        Host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(seconds - 1, (await Browser.OpenAsync("/sign-in")).Response.Headers.RetryAfter!.Delta!.Value.TotalSeconds);

        Host.Clock.Advance(TimeSpan.FromSeconds(seconds));

        page = await Browser.OpenAsync("/sign-in");
        Assert.Equal((HttpStatusCode.OK, string.Empty), (page.Status, page.Notice));
        Assert.Equal(PageHost.Prefix, (await Browser.SubmitAsync(page, "/sign-in", ("code", phone.GetCode()))).Path);
    }

    // The next code of the app is the way in, and nobody has entered a wrong one.
    [Fact]
    public async Task Code_UsedBefore_WarnsOfNobodyElse()
    {
        var (phone, _) = await Browser.EnrollAsync();
        var used = phone.GetCode();
        await Browser.SubmitAsync(await Browser.LogInAsync(), "/sign-in", ("code", used));

        var refused = await Other.SubmitAsync(await Other.LogInAsync(), "/sign-in", ("code", used));

        Assert.Contains("Try again in", refused.Notice, StringComparison.Ordinal);
        refused.ShowsNot("Then somebody knows your password");
    }

    private async Task<HtmlPage> GuessAsync(VirtualAuthenticator phone)
    {
        var page = await Browser.LogInAsync();
        for (var tries = 0; tries < 6; tries++)
        {
            page = await Browser.SubmitAsync(page, "/sign-in", ("code", WrongCodeFor(phone)));
        }

        return page;
    }
}
