using System.Net;

namespace Callroute.Mfa.AspNetCore.Tests.Pages;

/// <summary>What survives a redirect, for whom and for how long.</summary>
public sealed class PageStateTests
{
    private const string Refused = "That code was not accepted.";

    [Fact]
    public async Task RecoveryCodes_UntilTheyAreSaved_AreShownInTheirSessionOnly()
    {
        await using var host = await PageHost.StartAsync();
        var (phone, page) = await host.EnrollAsync();
        var code = PageHost.Code.Match(page).Groups[1].Value;
        var cookies = host.Cookies.GetAllCookies();

        Assert.Contains(code, await host.ReadAsync("/recovery-codes"), StringComparison.Ordinal);
        Assert.All(cookies, cookie => Assert.DoesNotContain(code, cookie.Value, StringComparison.Ordinal));
        Assert.All(cookies, cookie => Assert.True(cookie is { HttpOnly: true, Secure: true }));
        await using var thief = host.InAnotherBrowser();
        var stolen = cookies.Single(cookie => cookie.Name.EndsWith("-unsavedcodes", StringComparison.Ordinal));
        thief.Cookies.Add(new Cookie(stolen.Name, stolen.Value, "/", "localhost") { Secure = true });
        await thief.LogInAsync("eve");
        Assert.DoesNotContain(code, await thief.ReadAsync("/recovery-codes"), StringComparison.Ordinal);
        await host.SendAsync("/logout");
        await host.LogInAsync();
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await host.PostAsync("/sign-in", ("code", phone.GetCode()));
        Assert.DoesNotContain(code, await host.ReadAsync("/recovery-codes"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("time")]
    [InlineData("saved")]
    [InlineData("newer codes")]
    public async Task RecoveryCodes_AfterThis_AreNotShown(string after)
    {
        await using var host = await PageHost.StartAsync();
        var (phone, page) = await host.EnrollAsync();
        var code = PageHost.Code.Match(page).Groups[1].Value;

        if (after == "time")
        {
            host.Clock.Advance(TimeSpan.FromMinutes(10));
        }

        await (after switch
        {
            "saved" => host.PostAsync("/recovery-codes", PageHost.HiddenOf(page)),
            "newer codes" => host.PostAsync("/recovery-codes/new", ("code", phone.GetCode())),
            _ => Task.CompletedTask,
        });

        Assert.DoesNotContain(code, await host.ReadAsync("/recovery-codes"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_OfAForm_IsSaidOnceAndByNobodyElse()
    {
        await using var host = await PageHost.StartAsync();
        await host.EnrollAsync();
        await host.SendAsync("/logout");
        await host.LogInAsync();

        Assert.DoesNotContain("MFA is now disabled", await host.ReadAsync("?news=Disabled&notice=Notice.Disabled"), StringComparison.Ordinal);
        var page = await host.PostAsync("/sign-in", ("code", "not a code"));
        Assert.Contains(Refused, page, StringComparison.Ordinal);
        Assert.Contains("aria-invalid=\"true\"", page, StringComparison.Ordinal);
        Assert.Contains("inputmode=\"numeric\"", page, StringComparison.Ordinal);
        Assert.Contains("autofocus", page, StringComparison.Ordinal);
        Assert.DoesNotContain(Refused, await host.ReadAsync("/sign-in"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_AfterWrongCodes_Answers429UntilItIsOver()
    {
        await using var host = await PageHost.StartAsync();
        var (phone, _) = await host.EnrollAsync();
        await host.SendAsync("/logout");
        await host.LogInAsync();
        for (var i = 0; i < 5; i++)
        {
            await host.SendAsync("/sign-in", ("code", Setting.Browser.WrongCodeFor(phone)));
        }

        var waiting = await host.GetAsync("/sign-in");
        host.Clock.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(HttpStatusCode.TooManyRequests, waiting.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(30), waiting.Headers.RetryAfter!.Delta);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/sign-in")).StatusCode);
    }

    [Fact]
    public async Task SetUp_InASecondTab_IsTheSame()
    {
        await using var host = await PageHost.StartAsync();
        await host.LogInAsync();

        var first = await host.PostAsync("/set-up");
        var second = await host.PostAsync("/set-up");

        Assert.Equal(PageHost.HiddenOf(first), PageHost.HiddenOf(second));
        await host.PostAsync("/set-up/cancel");
        Assert.NotEqual(PageHost.HiddenOf(first), PageHost.HiddenOf(await host.PostAsync("/set-up")));
    }

    [Theory]
    [InlineData("/orders/7?x=1", "/orders/7?x=1")]
    [InlineData("https://elsewhere.example", PageHost.Prefix)]
    [InlineData("//elsewhere.example", PageHost.Prefix)]
    [InlineData("/\\elsewhere.example", PageHost.Prefix)]
    public async Task StepUp_WithAReturnAddress_LeadsToThisSiteOnly(string returnUrl, string expected)
    {
        await using var host = await PageHost.StartAsync();
        var (phone, _) = await host.EnrollAsync();

        var page = $"/step-up?returnUrl={Uri.EscapeDataString(returnUrl)}";
        var refused = await host.SendAsync(page, ("code", "wrong"));
        Assert.Contains(Refused, await host.ReadAsync(refused.Headers.Location!.ToString()), StringComparison.Ordinal);
        var answer = await host.SendAsync(page, ("code", phone.GetCode()));

        Assert.Equal((HttpStatusCode.SeeOther, expected), (answer.StatusCode, answer.Headers.Location!.ToString()));
    }

    [Fact]
    public async Task OnChanged_AfterChangesOnly_Runs()
    {
        var changes = 0;
        await using var host = await PageHost.StartAsync(configure: pages => pages.OnChanged = _ => Task.FromResult(changes++));
        var (phone, page) = await host.EnrollAsync();
        Assert.Equal(1, changes);

        await host.PostAsync("/disable", ("code", "wrong"));
        Assert.Equal(1, changes);
        await host.PostAsync("/recovery-codes", PageHost.HiddenOf(page));
        await host.PostAsync("/disable", ("code", phone.GetCode()));

        Assert.Equal(3, changes);
    }
}
