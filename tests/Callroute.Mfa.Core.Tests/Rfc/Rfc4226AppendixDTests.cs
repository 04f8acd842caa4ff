using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Core.Tests.Rfc;

// RFC 4226 Appendix D: secret 0x3132333435363738393031323334353637383930, 6 digits, counters 0–9.
public class Rfc4226AppendixDTests
{
    private static readonly string[] Codes =
        ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];

    [Fact]
    public void Hotp_AppendixD_GivesTheValuesAndAcceptsThem()
    {
        using var secret = RfcSeed.Sha1();

        var generated = Codes.Select((_, counter) => Hotp.Generate(secret, new HotpParameters(), counter));
        var matches = Codes.Select((code, counter) => Hotp.Verify(secret, new HotpParameters(), code, counter, lookAhead: 0));

        Assert.Equal(Codes, generated);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], matches);
    }
}
