using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Core.Tests.Issues;

// RobThree/TwoFactorAuth.Net and TwoFactorAuth (PHP): success is 'timeslice > 0', so a match at step 0 is a failure.
public class TwoFactorAuthNetSuccessAtStepZeroTests
{
    [Fact]
    public void Verify_CodeOfStepZero_IsAMatchAndNotASentinel()
    {
        using var secret = RfcSeed.Sha1();

        var match = Totp.Verify(secret, new TotpParameters(), "755224", DateTimeOffset.UnixEpoch, 1, 1);
        var miss = Totp.Verify(secret, new TotpParameters(), "755225", DateTimeOffset.UnixEpoch, 1, 1);

        Assert.Equal(0, match);
        Assert.Null(miss);
    }
}
