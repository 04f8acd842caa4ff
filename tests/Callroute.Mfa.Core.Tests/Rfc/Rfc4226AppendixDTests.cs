using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Core.Tests.Rfc;

// RFC 4226 Appendix D: secret 0x3132333435363738393031323334353637383930, 6 digits.
public class Rfc4226AppendixDTests
{
    [Theory]
    [InlineData(0, "755224")]
    [InlineData(1, "287082")]
    [InlineData(2, "359152")]
    [InlineData(3, "969429")]
    [InlineData(4, "338314")]
    [InlineData(5, "254676")]
    [InlineData(6, "287922")]
    [InlineData(7, "162583")]
    [InlineData(8, "399871")]
    [InlineData(9, "520489")]
    public void Hotp_AppendixD_GivesTheValueAndAcceptsIt(long counter, string code)
    {
        using var secret = RfcSeed.Sha1();

        var generated = Hotp.Generate(secret, HotpParameters.Default, counter);
        var match = Hotp.Verify(secret, HotpParameters.Default, code, counter, lookAhead: 0);

        Assert.Equal(code, generated);
        Assert.Equal(new HotpMatch(counter, 0), match);
    }
}
