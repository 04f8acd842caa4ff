using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Core.Tests;

// Turkish has a different upper case of i. Persian has different digits, signs and a different calendar. Our texts must not depend on them.
public class CultureTests
{
    public static TheoryData<string> Cultures => ["tr-TR", "fa-IR", "ar-SA", "th-TH"];

    [Theory]
    [MemberData(nameof(Cultures))]
    public void GenerateAndVerify_AnyCulture_AreTheSame(string culture)
    {
        using var scope = new CultureScope(culture);
        using var secret = RfcSeed.Sha1();
        var now = DateTimeOffset.FromUnixTimeSeconds(1111111109);

        Assert.Equal("081804", Totp.Generate(secret, new TotpParameters(), now));
        Assert.NotNull(Totp.Verify(secret, new TotpParameters(), "081804", now, 1, 1));
        Assert.Equal("755224", Hotp.Generate(secret, new HotpParameters(), 0));
    }

    [Theory]
    [MemberData(nameof(Cultures))]
    public void ProvisioningUri_AnyCulture_IsTheSame(string culture)
    {
        using var scope = new CultureScope(culture);
        using var secret = RfcSeed.Sha1();
        const string Text =
            "otpauth://hotp/Iris:iris?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Iris&algorithm=SHA256&digits=6&counter=1234567";
        var otherCase = Text.Replace("SHA256", "sha256", StringComparison.Ordinal)
            .Replace("otpauth://hotp", "OTPAUTH://HOTP", StringComparison.Ordinal);

        var made = ProvisioningUri.ForHotp("Iris", "iris", secret, new HotpParameters { Algorithm = OtpAlgorithm.Sha256 }, 1_234_567);
        var parsed = ProvisioningUri.TryParse(otherCase, lenient: false, out var read);

        Assert.Equal(Text, made.Reveal());
        Assert.True(parsed);
        Assert.Equal(Text, read!.Reveal());
    }

    [Theory]
    [MemberData(nameof(Cultures))]
    public void Base32AndRecoveryCode_LowerCaseI_AreTheSame(string culture)
    {
        using var scope = new CultureScope(culture);

        Assert.Equal(Base32.Decode("IIIIIIII"), Base32.Decode("iiii iiii", lenient: true));
        Assert.False(Base32.TryDecode("ııııııııı", lenient: true, out _));
        Assert.True(RecoveryCode.TryParse("iiii-iiii-iiii-iiii-iiii-iiii", out var code));
        Assert.Equal("1111-1111-1111-1111-1111-1111", code.Reveal());
    }

    [Theory]
    [MemberData(nameof(Cultures))]
    public void Exceptions_AnyCulture_SayTheSame(string culture)
    {
        using var scope = new CultureScope(culture);

        var digits = Assert.Throws<ArgumentOutOfRangeException>(() => new TotpParameters { Digits = -1 });
        var period = Assert.Throws<ArgumentOutOfRangeException>(() => new TotpParameters { Period = TimeSpan.FromSeconds(-1) });
        var size = Assert.Throws<ArgumentException>(() => SharedSecret.FromBytes(new byte[3]));
        var base32 = Assert.Throws<FormatException>(() => Base32.Decode("AAAAAAAAAAA!"));

        Assert.StartsWith("Digits must be 4–8, was -1.", digits.Message, StringComparison.Ordinal);
        Assert.StartsWith("Period must be 00:00:15–00:05:00, was -00:00:01.", period.Message, StringComparison.Ordinal);
        Assert.StartsWith("key must be 16–128 bytes long, was 3.", size.Message, StringComparison.Ordinal);
        Assert.Equal("Not Base32: a character that is not A–Z or 2–7 (index 11).", base32.Message);
    }
}
