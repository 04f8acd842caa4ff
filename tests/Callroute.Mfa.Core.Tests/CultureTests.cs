using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Core.Tests;

// Turkish has another upper case of i, Persian other digits, signs and a calendar: no text of ours may follow them.
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

        Assert.Equal("081804", Totp.Generate(secret, TotpParameters.Default, now));
        Assert.NotNull(Totp.Verify(secret, TotpParameters.Default, "081804", now, TimeWindow.OneStep));
        Assert.Equal("755224", Hotp.Generate(secret, HotpParameters.Default, 0));
    }

    [Theory]
    [MemberData(nameof(Cultures))]
    public void ProvisioningUri_AnyCulture_IsTheSame(string culture)
    {
        using var scope = new CultureScope(culture);
        using var secret = RfcSeed.Sha1();
        const string Text = "otpauth://hotp/Iris:iris?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Iris&algorithm=SHA256&digits=6&counter=1234567";

        var made = ProvisioningUri.ForHotp("Iris", "iris", secret, new HotpParameters { Algorithm = OtpAlgorithm.Sha256 }, 1_234_567);
        var parsed = ProvisioningUri.TryParse(Text.Replace("SHA256", "sha256", StringComparison.Ordinal).Replace("otpauth://hotp", "OTPAUTH://HOTP", StringComparison.Ordinal), out var read, out _);

        Assert.Equal(Text, made.Reveal());
        Assert.True(parsed);
        Assert.Equal(Text, read!.Reveal());
    }

    [Theory]
    [MemberData(nameof(Cultures))]
    public void Base32AndRecoveryCode_LowerCaseI_AreTheSame(string culture)
    {
        using var scope = new CultureScope(culture);

        Assert.Equal(Base32.Decode("IIIIIIII"), Base32.Decode("iiii iiii", Base32Format.Pasted));
        Assert.False(Base32.TryDecode("ııııııııı", Base32Format.Pasted, out _, out _, out _));
        Assert.True(RecoveryCode.TryParse("iiii-iiii-iiii-iiii-iiii-iiii", out var code));
        Assert.Equal("1111-1111-1111-1111-1111-1111", code.Reveal());
    }

    [Theory]
    [MemberData(nameof(Cultures))]
    public void PhcString_AnyCulture_IsTheSame(string culture)
    {
        using var scope = new CultureScope(culture);
        const string Text = "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

        Assert.Equal(Text, PhcString.Parse(Text).ToString());
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

        Assert.StartsWith("Must be 4–8.", digits.Message, StringComparison.Ordinal);
        Assert.StartsWith("Must be 00:00:15–00:05:00.", period.Message, StringComparison.Ordinal);
        Assert.StartsWith("Must be 16–128 bytes long, was 3.", size.Message, StringComparison.Ordinal);
        Assert.Equal("Not Base32: InvalidCharacter at position 11.", base32.Message);
    }
}
