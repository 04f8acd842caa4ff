using Callroute.Mfa.AspNetCore.Identity.Tests.Setting;

namespace Callroute.Mfa.AspNetCore.Identity.Tests;

public sealed class SessionTests : IdentityTest
{
    [Fact]
    public async Task Claims_AfterEveryRenewal_AreKept()
    {
        var (phone, _) = await EnrollAndLogOutAsync();
        await Browser.SendCodeAsync(await Browser.LogInAsync(), phone.GetCode());
        var before = await FactsAsync();
        Assert.Equal(["mfa", "otp", "pwd"], before[0]);

        Site.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal(before, await FactsAsync());
        Site.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal(before, await FactsAsync());
        var changed = await Browser.SubmitAsync(
            Browser.ManagePage("ChangePassword"),
            ("Input.OldPassword", IdentitySite.Password),
            ("Input.NewPassword", "Another-horse-2"), ("Input.ConfirmPassword", "Another-horse-2"));
        Assert.Contains("has been changed", changed.Text, StringComparison.Ordinal);
        Assert.Equal(before, await FactsAsync());
    }

    [Fact]
    public async Task Claims_OfTheApplication_CannotAssertMfa()
    {
        await RegisterAsync();
        await Site.InScopeAsync((users, user) => users.AddClaimsAsync(
            user, [new("amr", "mfa"), new("mfa_time", "9999999999"), new("shoe", "42")]));
        await Browser.LogOutAsync();
        await Browser.LogInAsync();

        Assert.Equal(["pwd"], await Browser.ClaimsAsync("amr"));
        Assert.Empty(await Browser.ClaimsAsync("mfa_time"));
        Assert.Equal(["42"], await Browser.ClaimsAsync("shoe"));
    }

    private async Task<string[][]> FactsAsync() =>
    [
        await Browser.ClaimsAsync("amr"), await Browser.ClaimsAsync("mfa_time"), await Browser.ClaimsAsync("auth_time"),
    ];
}
