using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Core.Tests.Issues;

// BrandonPotter/GoogleAuthenticator: the default tolerance of ±5 minutes accepts 21 codes at any moment.
public class GoogleAuthenticatorTwentyOneCodesTests
{
    [Fact]
    public void Verify_OneStepWindow_AcceptsThreeCodes()
    {
        using var secret = RfcSeed.Sha1();
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        var codes = Enumerable.Range(-20, 41).Select(step => Totp.Generate(secret, TotpParameters.Default, now.AddSeconds(30 * step)));

        var accepted = codes.Count(code => Totp.Verify(secret, TotpParameters.Default, code, now, TimeWindow.OneStep) is not null);

        Assert.Equal(3, accepted);
    }
}
