using Callroute.Mfa.AspNetCore.Identity.Tests.Setting;

namespace Callroute.Mfa.AspNetCore.Identity.Tests;

/// <summary>The life of a user with Identity's own pages.</summary>
public sealed class LifeTests : IdentityTest
{
    [Fact]
    public async Task Pages_FromEnrollmentToDisable_Work()
    {
        await RegisterAsync();

        var (phone, codes) = await Browser.EnrollAsync();
        Assert.Equal(10, codes.Length);
        Assert.Equal(["mfa", "otp"], await Browser.ClaimsAsync("amr"));
        Assert.True(await Site.IsEnrolledAsync());

        await Browser.LogOutAsync();
        var asked = await Browser.LogInAsync("/secret");
        Assert.EndsWith("LoginWith2fa", asked.Path, StringComparison.Ordinal);
        var code = phone.GetCode();
        Assert.Equal("secret", (await Browser.SendCodeAsync(asked, code)).Text);

        await Browser.LogOutAsync();
        asked = await Browser.LogInAsync();
        Assert.Contains("Invalid authenticator code", (await Browser.SendCodeAsync(asked, code)).Text, StringComparison.Ordinal);
        var recovered = await Browser.SubmitAsync(
            "/Identity/Account/LoginWithRecoveryCode?returnUrl=/secret", ("Input.RecoveryCode", codes[0]));
        Assert.Equal("secret", recovered.Text);
        Assert.Equal(["mfa", "pwd", "recovery"], await Browser.ClaimsAsync("amr"));

        await Browser.SubmitAsync(Browser.ManagePage("Disable2fa"));
        Assert.False(await Site.IsEnrolledAsync());
        await Browser.LogOutAsync();
        Assert.Equal("secret", (await Browser.LogInAsync("/secret")).Text);
        Assert.Equal(["pwd"], await Browser.ClaimsAsync("amr"));
    }
}
