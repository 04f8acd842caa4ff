using System.Text.RegularExpressions;
using Callroute.Mfa.AspNetCore.Pages.Tests.Setting;

namespace Callroute.Mfa.AspNetCore.Pages.Tests;

public sealed class RememberedBrowserTests
{
    private const string Box = "Do not ask for a code in this browser again for 14 days";

    [Fact]
    public async Task SignIn_BoxTicked_AsksForNoCodeUntilTheBrowserIsForgotten()
    {
        await using var host = await PageHost.StartAsync(mfa: options => options.RememberBrowserLifetime = TimeSpan.FromDays(14));
        using var browser = host.Open();
        var (phone, _) = await browser.EnrollAsync();
        (await browser.LogInAsync()).Shows(Box);

        await browser.SignInAsync(phone, ("remember", "true"));
        var security = await browser.LogInAsync();

        Assert.Equal(PageHost.Prefix, security.Path);
        security.Shows("Asks for no code until <time");
        security.Shows("Signed in without a code in a remembered browser");
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        await browser.SubmitAsync(await browser.OpenAsync("/devices"), "/devices", ("code", phone.GetCode()));
        Assert.EndsWith("/sign-in", (await browser.LogInAsync()).Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("", false)]
    public async Task SignIn_CodeRefused_LeavesTheBoxAsItWas(string remember, bool isTicked)
    {
        await using var host = await PageHost.StartAsync(mfa: options => options.RememberBrowserLifetime = TimeSpan.FromDays(14));
        using var browser = host.Open();
        await browser.EnrollAsync();

        var refused = await browser.SubmitAsync(await browser.LogInAsync(), "/sign-in", ("code", "no code"), ("remember", remember));

        Assert.Equal(isTicked, Regex.IsMatch(refused.Html, "<input [^>]*name=\"remember\"[^>]* checked"));
    }

    // Somebody who has the browser and knows the password could otherwise read the secret, and confirm it on a phone of their own.
    [Fact]
    public async Task SetUp_BegunInAnEarlierSession_IsNotShown()
    {
        await using var host = await PageHost.StartAsync(mfa: options => options.RememberBrowserLifetime = TimeSpan.FromDays(14));
        using var browser = host.Open();
        var (phone, _) = await browser.EnrollAsync();
        await browser.SignInAsync(phone, ("remember", "true"));
        var begun = await browser.SubmitAsync(await browser.OpenAsync("/set-up"), "/set-up");
        begun.Shows("name=\"enrollment\"");
        host.Clock.Advance(TimeSpan.FromSeconds(1));

        await browser.LogInAsync();

        (await browser.OpenAsync("/set-up")).ShowsNot("name=\"enrollment\"");
    }

    [Fact]
    public async Task SignIn_SwitchedOff_HasNoBoxAndTakesNone()
    {
        await using var host = await PageHost.StartAsync();
        using var browser = host.Open();
        var (phone, _) = await browser.EnrollAsync();
        (await browser.LogInAsync()).ShowsNot("name=\"remember\"");

        await browser.SignInAsync(phone, ("remember", "true"));

        Assert.EndsWith("/sign-in", (await browser.LogInAsync()).Path, StringComparison.Ordinal);
    }
}
