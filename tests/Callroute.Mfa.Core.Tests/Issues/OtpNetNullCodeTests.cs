using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Core.Tests.Issues;

// kspearrin/Otp.NET: a null code is a NullReferenceException in ValuesEqual.
public class OtpNetNullCodeTests
{
    [Fact]
    public void VerifyAndTryParse_Null_IsAMiss()
    {
        using var secret = RfcSeed.Sha1();
        const string? Code = null;

        Assert.Null(Totp.Verify(secret, TotpParameters.Default, Code, DateTimeOffset.UnixEpoch, TimeWindow.OneStep));
        Assert.Null(Hotp.Verify(secret, HotpParameters.Default, Code, counter: 0, lookAhead: 3));
        Assert.False(RecoveryCode.TryParse(Code, out _));
        Assert.False(PhcString.TryParse(Code, out _));
        Assert.False(ProvisioningUri.TryParse(Code, out _, out _));
    }
}
