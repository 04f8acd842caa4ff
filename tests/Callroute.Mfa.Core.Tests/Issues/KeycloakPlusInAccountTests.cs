using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;

namespace Callroute.Mfa.Core.Tests.Issues;

// keycloak#52296: a space in the account becomes '+', which apps show as it is; and a real '+' must survive.
public class KeycloakPlusInAccountTests
{
    [Theory]
    [InlineData("alice smith", "alice%20smith")]
    [InlineData("alice+mfa@example.com", "alice%2Bmfa%40example.com")]
    public void Reveal_SpaceOrPlusInTheAccount_IsPercentEncodedAndReadsBack(string account, string encoded)
    {
        using var secret = RfcSeed.Sha1();

        var text = ProvisioningUri.ForTotp("My App", account, secret, TotpParameters.Default).Reveal();
        var parsed = ProvisioningUri.Parse(text);
        using var parsedSecret = parsed.Secret;

        Assert.Contains($"/My%20App:{encoded}?", text, StringComparison.Ordinal);
        Assert.Equal(account, parsed.AccountName);
    }
}
