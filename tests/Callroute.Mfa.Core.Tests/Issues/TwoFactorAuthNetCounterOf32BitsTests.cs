using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Core.Tests.Issues;

// RobThree/TwoFactorAuth.Net and TwoFactorAuth (PHP): the counter is written as 32 bits with four zero bytes before it.
public class TwoFactorAuthNetCounterOf32BitsTests
{
    [Fact]
    public void Generate_CounterBeyond32Bits_DiffersFromItsLowerHalf()
    {
        using var secret = RfcSeed.Sha1();

        // oathtool gives 999456 for the counter 4294967296.
        Assert.Equal("999456", Hotp.Generate(secret, HotpParameters.Default, 1L << 32));
        Assert.Equal("755224", Hotp.Generate(secret, HotpParameters.Default, 0));
    }
}
