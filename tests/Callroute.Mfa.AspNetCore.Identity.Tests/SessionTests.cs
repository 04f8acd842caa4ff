using Callroute.Mfa.AspNetCore.Identity.Tests.Setting;

namespace Callroute.Mfa.AspNetCore.Identity.Tests;

public sealed class SessionTests
{
    [Fact]
    public async Task Claims_AfterEveryRenewal_AreKept()
    {
        await using var site = await IdentitySite.StartAsync();
        using var browser = site.Open();
        var before = await SignInAsync(site, browser);
        Assert.Equal(["mfa", "otp", "pwd"], before[0]);

        site.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal(before, await FactsAsync(browser));
        site.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal(before, await FactsAsync(browser));
        var changed = await browser.SubmitAsync(
            Browser.ManagePage("ChangePassword"),
            ("Input.OldPassword", IdentitySite.Password),
            ("Input.NewPassword", "Another-horse-2"), ("Input.ConfirmPassword", "Another-horse-2"));
        Assert.Contains("has been changed", changed.Text, StringComparison.Ordinal);
        Assert.Equal(before, await FactsAsync(browser));
    }

    [Fact]
    public async Task Claims_OfTheApplication_CannotAssertMfa()
    {
        await using var site = await IdentitySite.StartAsync();
        using var browser = site.Open();
        await browser.RegisterAsync();
        await site.InScopeAsync((users, user) => users.AddClaimsAsync(
            user, [new("amr", "mfa"), new("mfa_time", "9999999999"), new("shoe", "42")]));
        await browser.LogOutAsync();
        await browser.LogInAsync();

        Assert.Equal(["pwd"], await browser.ClaimsAsync("amr"));
        Assert.Empty(await browser.ClaimsAsync("mfa_time"));
        Assert.Equal(["42"], await browser.ClaimsAsync("shoe"));
    }

    private static async Task<string[][]> SignInAsync(IdentitySite site, Browser browser)
    {
        await browser.RegisterAsync();
        var (phone, _) = await browser.EnrollAsync();
        await browser.LogOutAsync();
        await browser.SendCodeAsync(await browser.LogInAsync(), phone.GetCode());
        return await FactsAsync(browser);
    }

    private static async Task<string[][]> FactsAsync(Browser browser) =>
    [
        await browser.ClaimsAsync("amr"), await browser.ClaimsAsync("mfa_time"), await browser.ClaimsAsync("auth_time"),
    ];
}
