using System.Globalization;
using System.Net;
using Callroute.Mfa.AspNetCore.Pages.Tests.Setting;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.AspNetCore.Pages.Tests;

public sealed class SafetyTests
{
    private static string WrongCodeFor(VirtualAuthenticator phone) => phone.GetCode() == "000000" ? "000001" : "000000";

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    public async Task Form_OfAnotherSite_IsRefusedEverywhere(string header, string value)
    {
        await using var host = await PageHost.StartAsync();
        using var browser = host.Open();
        await browser.EnrollAsync();

        Assert.True(host.FormAddresses.Length > 12);
        foreach (var address in host.FormAddresses)
        {
            using var response = await browser.PostAsync(address, new() { ["code"] = "123456" }, (header, value));
            Assert.Equal((address, HttpStatusCode.Forbidden), (address, response.StatusCode));
        }

        Assert.True((await host.Mfa.GetStatusAsync(new MfaSubject("ann"), TestContext.Current.CancellationToken)).IsEnabled);
    }

    // A user whose session has ended is led to the sign-in, and from there to the address of the form.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FormAddress_Opened_IsAPage(bool isSignedIn)
    {
        await using var host = await PageHost.StartAsync();
        using var browser = host.Open();
        await (isSignedIn ? browser.EnrollAsync() : Task.CompletedTask);

        foreach (var address in host.FormAddresses.Where(address => !address.EndsWith("/sign-in/again", StringComparison.Ordinal)))
        {
            var page = await browser.OpenAsync(address[PageHost.Prefix.Length..]);
            Assert.Equal((address, HttpStatusCode.OK), (address, page.Status));
        }
    }

    [Theory]
    [InlineData("?news=Disabled&notice=Notice.Disabled&message=Notice.Disabled&key=Notice.Disabled", null)]
    [InlineData("", "eyJGb3IiOiIiLCJLZXkiOiJOb3RpY2UuRGlzYWJsZWQifQ")]
    public async Task Notice_FromTheAddressOrAForgedCookie_IsNotSaid(string query, string? cookie)
    {
        await using var host = await PageHost.StartAsync();
        using var browser = host.Open();
        await browser.EnrollAsync();
        browser.Cookies.Add(new Cookie("__Host-callroute-mfa-notice", cookie, "/", "localhost") { Secure = true });

        var page = await browser.OpenAsync(query);

        Assert.Equal(string.Empty, page.Notice);
        page.ShowsNot("MFA is now disabled.");
    }

    [Fact]
    public async Task SetUp_SecondTab_ShowsThatOfTheFirst()
    {
        await using var host = await PageHost.StartAsync();
        using var browser = host.Open();
        var security = await browser.LogInAsync();

        var first = await browser.SubmitAsync(security, "/set-up");
        var second = await browser.SubmitAsync(security, "/set-up");
        var third = await browser.OpenAsync("/set-up");
        var (_, codes) = await browser.VerifyAsync(first);

        Assert.Equal([first.ProvisioningUri, first.ProvisioningUri], [second.ProvisioningUri, third.ProvisioningUri]);
        Assert.Single(codes.Secrets);
    }

    [Fact]
    public async Task SetUp_ForAnotherPurposeInASecondTab_SaysThatTheFirstOneEnds()
    {
        await using var host = await PageHost.StartAsync();
        using var browser = host.Open();
        await browser.SignInAsync((await browser.EnrollAsync()).Phone);
        var id = (await host.Mfa.GetStatusAsync(new MfaSubject("ann"), TestContext.Current.CancellationToken)).Authenticators[0].Id;
        var first = await browser.SubmitAsync(await browser.OpenAsync("/set-up"), "/set-up");

        var second = await browser.OpenAsync($"/authenticators/{id}/replace");
        second.Shows("You have begun to set up another authenticator. If you continue here, that set-up ends.");
        await browser.SubmitAsync(second, "/replace");
        var ended = await browser.SubmitAsync(first, "/verify", ("code", "123456"));

        Assert.StartsWith("That set-up has ended", ended.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_Refused_FocusesTheFieldAndSaysSoOnce()
    {
        await using var host = await PageHost.StartAsync();
        using var browser = host.Open();
        var (phone, _) = await browser.EnrollAsync();
        var form = await browser.LogInAsync();
        Assert.DoesNotContain("aria-invalid", form.Html, StringComparison.Ordinal);

        var refused = await browser.SubmitAsync(form, "/sign-in", ("code", WrongCodeFor(phone)));

        Assert.Equal(HttpStatusCode.OK, refused.Status);
        Assert.StartsWith("That code was not accepted.", refused.Notice, StringComparison.Ordinal);
        var field = refused.Html.Split("<input id=\"code\"")[1].Split('>')[0];
        Assert.All(
            ["inputmode=\"numeric\"", "autocomplete=\"one-time-code\"", " autofocus", "aria-invalid=\"true\"", "aria-describedby=\"error\""],
            attribute => Assert.Contains(attribute, field, StringComparison.Ordinal));
        Assert.Equal(string.Empty, (await browser.OpenAsync("/sign-in")).Notice);
    }

    [Fact]
    public async Task Code_RefusedWithAWait_Answers429UntilItIsOver()
    {
        await using var host = await PageHost.StartAsync();
        using var browser = host.Open();
        var (phone, _) = await browser.EnrollAsync();
        var page = await browser.LogInAsync();
        for (var tries = 0; tries < 6; tries++)
        {
            page = await browser.SubmitAsync(page, "/sign-in", ("code", WrongCodeFor(phone)));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, page.Status);
        var seconds = (int)page.Response.Headers.RetryAfter!.Delta!.Value.TotalSeconds;
        Assert.InRange(seconds, 1, 60);
        page.Shows($"data-seconds=\"{seconds.ToString(CultureInfo.InvariantCulture)}\"");
        page.Shows("Your entire recovery code.");
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(seconds - 1, (await browser.OpenAsync("/sign-in")).Response.Headers.RetryAfter!.Delta!.Value.TotalSeconds);

        host.Clock.Advance(TimeSpan.FromSeconds(seconds));

        page = await browser.OpenAsync("/sign-in");
        Assert.Equal((HttpStatusCode.OK, string.Empty), (page.Status, page.Notice));
        Assert.Equal(PageHost.Prefix, (await browser.SubmitAsync(page, "/sign-in", ("code", phone.GetCode()))).Path);
    }
}
