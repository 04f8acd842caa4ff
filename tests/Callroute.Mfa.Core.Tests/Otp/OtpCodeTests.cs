using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Core.Tests.Otp;

// A code has one canonical form. At 59 s the RFC seed's code is 287082.
public sealed class OtpCodeTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(59);

    private readonly SharedSecret _secret = RfcSeed.Sha1();
    private readonly TotpParameters _totp = new();

    public static TheoryData<string> Malformed =>
    [
        // Nothing, signs, and other ways to write a number.
        "", " - ", "+287082", "\u2212287082", "1e5", "0x4616A", "287082.", "287,082", "abcdef", "2870O2",

        // Too few digits or too many.
        "28708", "2870820", "0287082", "287082287", "287082287082",

        // Numbers that are no decimal digits: superscript, circled, Roman, Han.
        "28708\u00B2", "28708\u2461", "28708\u2161", "28708\u4E8C",

        // NUL, marks, halves of a surrogate pair.
        "287082\0", "\0287082", "28708\0", "287082\u0301", "28708\uD835", "\uDFD0287082",
    ];

    public void Dispose() => _secret.Dispose();

    [Theory]
    [MemberData(nameof(Malformed), DisableDiscoveryEnumeration = true)]
    public void Verify_Malformed_IsAMiss(string code)
    {
        Assert.Null(Totp.Verify(_secret, new TotpParameters(), code, Now, 1, 1));
        Assert.Null(Hotp.Verify(_secret, new HotpParameters(), code, counter: 0, lookAhead: 5));
    }

    [Fact]
    public void Verify_Null_IsAMiss()
    {
        Assert.Null(Totp.Verify(_secret, _totp, (string?)null, Now, 1, 1));
        Assert.Null(Hotp.Verify(_secret, new HotpParameters(), (string?)null, counter: 0, lookAhead: 3));
    }

    [Fact]
    public void Verify_Megabyte_IsAMissWithoutWork()
    {
        var code = new string('2', 1 << 20);

        long? match = 0;
        var bytes = Allocated.By(() => match = Totp.Verify(_secret, _totp, code, Now, 1, 1));

        Assert.Null(match);
        Assert.Equal(0, bytes);
    }

    // Separators and invisible characters are ignored at any position.
    [Theory]
    [InlineData(" - 2 8 7 0 8 2 - ")]
    [InlineData("287082\t\r\n")]
    [InlineData("287 \u2013 082")]
    [InlineData("\u200F2\u200B87082\uFEFF")]
    [InlineData("\uFF12\uFF18\uFF17\u3000\uFF10\uFF18\uFF12")]
    [InlineData("\u0662\u0668\u0667\u0660\u0668\u0662")]
    [InlineData("28708\u06F2")]
    [InlineData("\U0001D7D0\U0001D7D6\U0001D7D5\U0001D7CE\U0001D7D6\U0001D7D0")]
    public void Verify_AsPeopleTypeOrPasteIt_IsAccepted(string code)
    {
        var match = Totp.Verify(_secret, _totp, code, Now, 0, 0);

        Assert.Equal(1, match);
    }

    [Theory]
    [InlineData(58, true)]
    [InlineData(59, false)]
    public void Verify_ManySeparators_AreReadUpTo64Characters(int spaces, bool accepted)
    {
        var code = "287082" + new string(' ', spaces);

        var match = Totp.Verify(_secret, _totp, code, Now, 0, 0);

        Assert.Equal(accepted, match is not null);
    }

    [Theory]
    [InlineData("123", null)]
    [InlineData("1234", 4)]
    [InlineData("12345678", 8)]
    [InlineData("123456789", null)]
    [InlineData("00-00", 4)]
    [InlineData("12/34", null)]
    [InlineData("12:34", null)]
    public void Canonicalize_Length_IsThatOfTheDigits(string input, int? length)
    {
        var canonical = new char[HmacOtp.MaximumDigits];

        Assert.Equal(length, OtpCode.Canonicalize(input, canonical));
    }
}
