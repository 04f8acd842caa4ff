using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Core.Tests.Issues;

// RobThree/TwoFactorAuth.Net and TwoFactorAuth (PHP): success is 'timeslice > 0', so a match at step 0 is a failure.
public class TwoFactorAuthNetSuccessAtStepZeroTests
{
    [Fact]
    public void Verify_CodeOfStepZero_IsAMatchAndNotASentinel()
    {
        using var secret = RfcSeed.Sha1();

        var match = Totp.Verify(secret, TotpParameters.Default, "755224", DateTimeOffset.UnixEpoch, TimeWindow.OneStep);
        var miss = Totp.Verify(secret, TotpParameters.Default, "755225", DateTimeOffset.UnixEpoch, TimeWindow.OneStep);

        Assert.Equal(new TotpMatch(0, 0), match);
        Assert.Null(miss);
    }
}
