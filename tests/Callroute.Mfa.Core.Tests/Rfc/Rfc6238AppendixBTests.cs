using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Core.Tests.Rfc;

// RFC 6238 Appendix B: T0 = 0, X = 30, 8 digits. The table names one seed of 20 bytes; the reference code of Appendix A,
// and the errata, use 32 bytes for SHA-256 and 64 for SHA-512.
public class Rfc6238AppendixBTests
{
    [Theory]
    [InlineData(59, OtpAlgorithm.Sha1, "94287082")]
    [InlineData(59, OtpAlgorithm.Sha256, "46119246")]
    [InlineData(59, OtpAlgorithm.Sha512, "90693936")]
    [InlineData(1111111109, OtpAlgorithm.Sha1, "07081804")]
    [InlineData(1111111109, OtpAlgorithm.Sha256, "68084774")]
    [InlineData(1111111109, OtpAlgorithm.Sha512, "25091201")]
    [InlineData(1111111111, OtpAlgorithm.Sha1, "14050471")]
    [InlineData(1111111111, OtpAlgorithm.Sha256, "67062674")]
    [InlineData(1111111111, OtpAlgorithm.Sha512, "99943326")]
    [InlineData(1234567890, OtpAlgorithm.Sha1, "89005924")]
    [InlineData(1234567890, OtpAlgorithm.Sha256, "91819424")]
    [InlineData(1234567890, OtpAlgorithm.Sha512, "93441116")]
    [InlineData(2000000000, OtpAlgorithm.Sha1, "69279037")]
    [InlineData(2000000000, OtpAlgorithm.Sha256, "90698825")]
    [InlineData(2000000000, OtpAlgorithm.Sha512, "38618901")]
    [InlineData(20000000000, OtpAlgorithm.Sha1, "65353130")]
    [InlineData(20000000000, OtpAlgorithm.Sha256, "77737706")]
    [InlineData(20000000000, OtpAlgorithm.Sha512, "47863826")]
    public void Totp_AppendixB_GivesTheValueAndAcceptsIt(long unixSeconds, OtpAlgorithm algorithm, string code)
    {
        using var secret = RfcSeed.Of(algorithm);
        var parameters = new TotpParameters { Algorithm = algorithm, Digits = 8 };
        var time = DateTimeOffset.FromUnixTimeSeconds(unixSeconds);

        var generated = Totp.Generate(secret, parameters, time);
        var match = Totp.Verify(secret, parameters, code, time, TimeWindow.Strict);

        Assert.Equal(code, generated);
        Assert.Equal(new TotpMatch(unixSeconds / 30, 0), match);
    }

    // The values that the 20-byte seed gives: what an implementation has that takes the table's header at its word.
    [Theory]
    [InlineData(59, OtpAlgorithm.Sha256, "32247374", "46119246")]
    [InlineData(1111111109, OtpAlgorithm.Sha256, "34756375", "68084774")]
    [InlineData(1111111111, OtpAlgorithm.Sha256, "74584430", "67062674")]
    [InlineData(1234567890, OtpAlgorithm.Sha256, "42829826", "91819424")]
    [InlineData(2000000000, OtpAlgorithm.Sha256, "78428693", "90698825")]
    [InlineData(20000000000, OtpAlgorithm.Sha256, "24142410", "77737706")]
    [InlineData(59, OtpAlgorithm.Sha512, "69342147", "90693936")]
    [InlineData(1111111109, OtpAlgorithm.Sha512, "63049338", "25091201")]
    [InlineData(1111111111, OtpAlgorithm.Sha512, "54380122", "99943326")]
    [InlineData(1234567890, OtpAlgorithm.Sha512, "76671578", "93441116")]
    [InlineData(2000000000, OtpAlgorithm.Sha512, "56464532", "38618901")]
    [InlineData(20000000000, OtpAlgorithm.Sha512, "69481994", "47863826")]
    public void Totp_AppendixBWithThe20ByteSeed_GivesAnotherValueAndRefusesTheTable(long unixSeconds, OtpAlgorithm algorithm, string code, string published)
    {
        using var secret = RfcSeed.Sha1();
        var parameters = new TotpParameters { Algorithm = algorithm, Digits = 8 };
        var time = DateTimeOffset.FromUnixTimeSeconds(unixSeconds);

        var generated = Totp.Generate(secret, parameters, time);
        var match = Totp.Verify(secret, parameters, published, time, TimeWindow.Strict);

        Assert.Equal(code, generated);
        Assert.Null(match);
    }
}
