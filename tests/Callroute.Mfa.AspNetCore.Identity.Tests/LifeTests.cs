using Callroute.Mfa.AspNetCore.Identity.Tests.Setting;

namespace Callroute.Mfa.AspNetCore.Identity.Tests;

/// <summary>The life of a user with Identity's own pages.</summary>
public sealed class LifeTests
{
    [Fact]
    public async Task Pages_FromEnrollmentToDisable_Work()
    {
        await using var site = await IdentitySite.StartAsync();
        using var browser = site.Open();
        await browser.RegisterAsync();

        var (phone, codes) = await browser.EnrollAsync();
        Assert.Equal(10, codes.Length);
        Assert.Equal(["mfa", "otp"], await browser.ClaimsAsync("amr"));
        Assert.True(await site.IsEnrolledAsync());

        await browser.LogOutAsync();
        var asked = await browser.LogInAsync("/secret");
        Assert.EndsWith("LoginWith2fa", asked.Path, StringComparison.Ordinal);
        var code = phone.GetCode();
        Assert.Equal("secret", (await browser.SendCodeAsync(asked, code)).Text);

        await browser.LogOutAsync();
        asked = await browser.LogInAsync();
        Assert.Contains("Invalid authenticator code", (await browser.SendCodeAsync(asked, code)).Text, StringComparison.Ordinal);
        var recovered = await browser.SubmitAsync(
            "/Identity/Account/LoginWithRecoveryCode?returnUrl=/secret", ("Input.RecoveryCode", codes[0]));
        Assert.Equal("secret", recovered.Text);
        Assert.Equal(["mfa", "pwd", "recovery"], await browser.ClaimsAsync("amr"));

        await browser.SubmitAsync(Browser.ManagePage("Disable2fa"));
        Assert.False(await site.IsEnrolledAsync());
        await browser.LogOutAsync();
        Assert.Equal("secret", (await browser.LogInAsync("/secret")).Text);
        Assert.Equal(["pwd"], await browser.ClaimsAsync("amr"));
    }
}
