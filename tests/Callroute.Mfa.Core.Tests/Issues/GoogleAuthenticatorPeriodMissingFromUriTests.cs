using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;

namespace Callroute.Mfa.Core.Tests.Issues;

// BrandonPotter/GoogleAuthenticator: the time step is used for codes but never written to the URI, so apps keep 30 s.
public class GoogleAuthenticatorPeriodMissingFromUriTests
{
    [Theory]
    [InlineData(15)]
    [InlineData(60)]
    public void Reveal_OtherPeriod_IsInTheUri(int seconds)
    {
        using var secret = RfcSeed.Sha1();
        var parameters = new TotpParameters { Period = TimeSpan.FromSeconds(seconds) };

        var text = ProvisioningUri.ForTotp("Example", "alice", secret, parameters).Reveal();

        Assert.EndsWith($"&period={seconds}", text, StringComparison.Ordinal);
    }
}
