using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Core.Tests.Otp;

// One canonical form. At 59 s the RFC seed's code is 287082.
public sealed class OtpCodeTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(59);

    private readonly SharedSecret _secret = RfcSeed.Sha1();
    private readonly TotpParameters _totp = new();
    private readonly HotpParameters _hotp = new();

    public static TheoryData<string, string> Malformed => new()
    {
        { "empty", "" },
        { "separators only", " - " },
        { "plus sign", "+287082" },
        { "minus sign U+2212", "\u2212287082" },
        { "exponent", "1e5" },
        { "hexadecimal", "0x4616A" },
        { "decimal point", "287082." },
        { "group separator", "287,082" },
        { "five digits", "28708" },
        { "seven digits", "2870820" },
        { "leading zero added", "0287082" },
        { "nine digits", "287082287" },
        { "code twice", "287082287082" },
        { "full-width digits", "\uFF12\uFF18\uFF17\uFF10\uFF18\uFF12" },
        { "Arabic-Indic digits", "\u0662\u0668\u0667\u0660\u0668\u0662" },
        { "one Persian digit", "28708\u06F2" },
        { "mathematical digits", "\U0001D7D0\U0001D7D6\U0001D7D5\U0001D7CE\U0001D7D6\U0001D7D0" },
        { "NUL at the end", "287082\0" },
        { "NUL before", "\0287082" },
        { "NUL instead of a digit", "28708\0" },
        { "tab", "287082\t" },
        { "line feed", "287082\n" },
        { "no-break space", "287\u00A0082" },
        { "zero-width space", "287\u200B082" },
        { "non-breaking hyphen", "287\u2011082" },
        { "right-to-left mark", "\u200F287082" },
        { "combining mark", "287082\u0301" },
        { "lone high surrogate", "28708\uD835" },
        { "lone low surrogate", "\uDFD0287082" },
        { "letters", "abcdef" },
        { "letter O", "2870O2" },
    };

    public void Dispose() => _secret.Dispose();

    [Theory]
    [MemberData(nameof(Malformed), DisableDiscoveryEnumeration = true)]
    public void Verify_Malformed_IsAMiss(string what, string code)
    {
        var match = Totp.Verify(_secret, _totp, code, Now, 1, 1);

        Assert.True(match is null, what);
    }

    [Theory]
    [MemberData(nameof(Malformed), DisableDiscoveryEnumeration = true)]
    public void VerifyHotp_Malformed_IsAMiss(string what, string code)
    {
        var match = Hotp.Verify(_secret, _hotp, code, counter: 0, lookAhead: 5);

        Assert.True(match is null, what);
    }

    [Fact]
    public void Verify_Null_IsAMiss()
    {
        Assert.Null(Totp.Verify(_secret, _totp, (string?)null, Now, 1, 1));
        Assert.Null(Hotp.Verify(_secret, _hotp, (string?)null, counter: 0, lookAhead: 3));
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

    // Decision 3: ASCII spaces and hyphens do not count, wherever they stand.
    [Theory]
    [InlineData("287082")]
    [InlineData(" 287082 ")]
    [InlineData("287 082")]
    [InlineData("287-082")]
    [InlineData("28-70-82")]
    [InlineData("-287082")]
    [InlineData(" - 2 8 7 0 8 2 - ")]
    public void Verify_SpacesAndHyphens_DoNotCount(string code)
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
