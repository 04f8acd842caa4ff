using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Core.Tests.Issues;

// privacyIDEA: range(start, end) drops the last step, so ±180 s is −6…+5.
public class PrivacyIdeaWindowOffByOneTests
{
    [Theory]
    [InlineData(-7, false)]
    [InlineData(-6, true)]
    [InlineData(6, true)]
    [InlineData(7, false)]
    public void Verify_SixStepsEachWay_IncludesBothEnds(int offset, bool accepted)
    {
        using var secret = RfcSeed.Sha1();
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        var code = Totp.Generate(secret, TotpParameters.Default, now.AddSeconds(30 * offset));

        var match = Totp.Verify(secret, TotpParameters.Default, code, now, new TimeWindow(6, 6));

        Assert.Equal(accepted, match is not null);
    }
}
