using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Core.Tests.Rfc;

// RFC 6238 Appendix B: T0 = 0, X = 30, 8 digits. The table names one seed of 20 bytes; the reference code of Appendix A,
// and the errata, use 32 bytes for SHA-256 and 64 for SHA-512.
public class Rfc6238AppendixBTests
{
    // Time, SHA-1, SHA-256, SHA-512. The last two use the 20-byte seed, like an implementation that follows the header of the table.
    public static TheoryData<long, string, string, string, string, string> Table => new()
    {
        { 59, "94287082", "46119246", "90693936", "32247374", "69342147" },
        { 1111111109, "07081804", "68084774", "25091201", "34756375", "63049338" },
        { 1111111111, "14050471", "67062674", "99943326", "74584430", "54380122" },
        { 1234567890, "89005924", "91819424", "93441116", "42829826", "76671578" },
        { 2000000000, "69279037", "90698825", "38618901", "78428693", "56464532" },
        { 20000000000, "65353130", "77737706", "47863826", "24142410", "69481994" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Totp_AppendixB_GivesTheValuesAndAcceptsOnlyThem(
        long unixSeconds, string sha1, string sha256, string sha512, string sha256OfShortSeed, string sha512OfShortSeed)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(unixSeconds);
        AssertGivesAndAccepts(time, OtpAlgorithm.Sha1, sha1);
        AssertGivesAndAccepts(time, OtpAlgorithm.Sha256, sha256, sha256OfShortSeed);
        AssertGivesAndAccepts(time, OtpAlgorithm.Sha512, sha512, sha512OfShortSeed);
    }

    private static void AssertGivesAndAccepts(DateTimeOffset time, OtpAlgorithm algorithm, string code, string? ofShortSeed = null)
    {
        using var secret = RfcSeed.Of(algorithm);
        using var shortSecret = RfcSeed.Sha1();
        var parameters = new TotpParameters { Algorithm = algorithm, Digits = 8 };

        Assert.Equal(code, Totp.Generate(secret, parameters, time));
        Assert.Equal(time.ToUnixTimeSeconds() / 30, Totp.Verify(secret, parameters, code, time, 0, 0));
        Assert.Equal(ofShortSeed ?? code, Totp.Generate(shortSecret, parameters, time));
        Assert.Equal(ofShortSeed is null, Totp.Verify(shortSecret, parameters, code, time, 0, 0) is not null);
    }
}
