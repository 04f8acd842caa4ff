using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Core.Tests.Issues;

// constantoine/totp-rs: 'time / step - skew' is unsigned and underflows near time 0.
public class TotpRsUnderflowNearTimeZeroTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(29)]
    [InlineData(-1)]
    public void Verify_WindowReachesBeforeTimeZero_IsAnswered(long unixSeconds)
    {
        using var secret = RfcSeed.Sha1();
        var now = DateTimeOffset.FromUnixTimeSeconds(unixSeconds);

        var match = Totp.Verify(secret, TotpParameters.Default, "755224", now, new TimeWindow(50, 50));

        Assert.Equal(0, match!.Value.TimeStep);
    }
}
