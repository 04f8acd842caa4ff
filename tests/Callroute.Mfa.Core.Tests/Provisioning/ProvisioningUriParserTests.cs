using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;

namespace Callroute.Mfa.Core.Tests.Provisioning;

public class ProvisioningUriParserTests
{
    // The secret of the Key URI Format's own example.
    private const string Key = "HXDMVJECJJWSRB3HWIZR4IFUGFTMXBOZ";
    private const string Start = "otpauth://totp/ACME:john?secret=" + Key;
    private const string HotpStart = "otpauth://hotp/ACME:john?secret=" + Key;

    // The error, the text before and after each part, and the parts.
    private static readonly (string Error, string Before, string After, string[] Texts)[] Hostile =
    [
        (ProvisioningUriError.TooLong, Start, "", ["&issuer=" + new string('a', 5 << 20)]),
        (ProvisioningUriError.TooLong, "", "", [new string('a', 4097)]),
        (ProvisioningUriError.NotOtpAuth, "", "",
            ["", new string('a', 4096), "https://totp/ACME:john?secret=" + Key, " " + Start, "otpauth:/totp/ACME:john?secret=" + Key,
             "otpauth-migration://offline?data=AAAA", "otpauth://", "otpauth://totp", "otpauth://totp?secret=" + Key,
             "otpauth://totp?secret=/" + Key, "otpauth://totp:443/ACME:john?secret=" + Key, "otpauth://eve@totp/ACME:john?secret=" + Key,
             "otpauth://eve:pw@totp/ACME:john?secret=" + Key]),
        (ProvisioningUriError.NotOtpAuth, Start, "", ["#", "#fragment"]),
        (ProvisioningUriError.NotOtpAuth, "otpauth://totp/", "?secret=" + Key, ["ACME:jo#hn"]),
        (ProvisioningUriError.UnknownType, "", "",
            ["otpauth:///ACME:john?secret=" + Key, "otpauth://steam/ACME:john?secret=" + Key, "otpauth://totp%20/ACME:john?secret=" + Key,
             "otpauth://tot\u0440/ACME:john?secret=" + Key]),
        (ProvisioningUriError.InvalidEncoding, "otpauth://totp/", "?secret=" + Key,
            ["%", "%2", "%zz", "%+1", "%0x41", "john%4\0", "john%\uFF14\uFF11", "%FF", "%C0%80", "%ED%A0%80", "%C3", "\uD83D", "j\u00F6hn",
             "john smith", "john\0", "john\u001F", "john\u007F"]),
        (ProvisioningUriError.InvalidEncoding, "", "", ["otpauth://totp/" + new string('a', 4000) + "?secret=A"]),
        (ProvisioningUriError.InvalidEncoding, Start, "",
            ["&issuer=%", "&issuer=%C0%80", "&issuer=" + new string('a', 2000), "&digits=" + new string('6', 33)]),
        (ProvisioningUriError.InvalidEncoding, "otpauth://totp/ACME:john?secret=", "", [new string('A', 257)]),
        (ProvisioningUriError.InvalidLabel, "otpauth://totp/", "?secret=" + Key,
            ["", "ACME:", "ACME:%20", ":john", "%20john", "%E2%80%8B", "%E3%85%A4:john", "ACME:john:smith",
             "ACME%3Ajohn%3Asmith", "ACME:john%00", "AC%0AME:john", "john%20", new string('a', 201), new string('a', 101) + ":john"]),
        (ProvisioningUriError.InvalidIssuer, Start + "&issuer=", "",
            ["", "%E2%80%8B", "AC:ME", "AC%3AME", "ACME%00", "%20ACME", new string('a', 101)]),
        (ProvisioningUriError.IssuerMismatch, Start, "", ["&issuer=Evil", "&issuer=acme", "&issuer=AC%CC%81ME"]),
        (ProvisioningUriError.DuplicateParameter, Start, "", ["&secret=" + Key, "&issuer=ACME&issuer=ACME", "&digits=6&digits=8"]),
        (ProvisioningUriError.UnknownParameter, Start, "",
            ["&image=x", "&Issuer=ACME", "&%69ssuer=ACME", "&counter=1", "&", "&&digits=6", "&digits", "&=6", ";digits=6&?"]),
        (ProvisioningUriError.UnknownParameter, HotpStart, "", ["&counter=1&period=30"]),
        (ProvisioningUriError.MissingSecret, "", "",
            ["otpauth://totp/ACME:john", "otpauth://totp/ACME:john?", "otpauth://totp/ACME:john?issuer=ACME&digits=6"]),
        (ProvisioningUriError.InvalidSecret, "otpauth://totp/ACME:john?secret=", "",
            ["", "MZXW6===", "MZXW6%3D%3D%3D", "mzxw6ytb", "MZXW%206YTB", "MZXW+6YTB", "MZXW6YT0", "MZ", "AAA", new string('A', 207)]),
        (ProvisioningUriError.InvalidSecret, Start, "", ["%00"]),
        (ProvisioningUriError.InvalidAlgorithm, Start + "&algorithm=", "", ["MD5", "", "SHA-1", "0", "SHA1%00", "HmacSHA1"]),
        (ProvisioningUriError.InvalidDigits, Start + "&digits=", "",
            ["", "3", "9", "06", "+6", "%2B6", "-6", "%206", "6%20", "6%00", "6.0", "%EF%BC%96", "%D9%A6", "4294967302",
             "18446744073709551622"]),
        (ProvisioningUriError.InvalidPeriod, Start + "&period=", "", ["", "0", "14", "301", "030", "-30", "30%00", "3e1"]),
        (ProvisioningUriError.InvalidCounter, HotpStart, "", [""]),
        (ProvisioningUriError.InvalidCounter, HotpStart + "&counter=", "",
            ["", "-1", "00", "1%00", "9223372036854775808", "18446744073709551616"]),
    ];

    public static TheoryData<string, string> Refused =>
        new(Hostile.SelectMany(group => group.Texts.Select(text => (group.Error, group.Before + text + group.After))));

    // The most expensive text of 4,096 characters: every part is valid except the last, and as long as allowed.
    public static TheoryData<string> Costly => new()
    {
        $"otpauth://totp/{new string('i', 100)}:%20{new string('a', 200)}"
        + $"?issuer={new string('x', 256)}&secret={new string('A', 256)}"
        + $"&algorithm={new string('x', 256)}&digits={new string('6', 256)}&period={new string('3', 256)}&q",
        $"otpauth://totp/{new string('i', 100)}:%20{new string('a', 200)}"
        + $"?issuer={new string('x', 128)}&secret={new string('A', 256)}"
        + $"&algorithm={new string('x', 32)}&digits={new string('6', 32)}&period={new string('3', 32)}&q",
        $"otpauth://totp/{new string('i', 100)}:%20{new string('a', 200)}"
        + $"?issuer={new string('i', 100)}&secret={new string('A', 256)}"
        + "&algorithm=SHA512&digits=8&period=30",
        $"otpauth://hotp/{Wide(100)}:{Wide(200)}?issuer={new string('x', 100)}&secret={new string('A', 200)}&counter=9223372036854775808",
        $"otpauth://totp/{new string(':', 300)}?secret={Key}",
        "otpauth://totp/" + string.Concat(Enumerable.Repeat("%41", 1360)),
        "otpauth://totp/a?" + new string('&', 4079),
        "otpauth://totp/a?secret=" + new string('A', 4072),
        "otpauth://totp/a?issuer=" + string.Concat(Enumerable.Repeat("%F0%9F%98%80", 339)),
        new string('/', 4096),
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void Parse_Hostile_RefusesWithTheErrorAndAtMostFourKibibytes(string error, string text)
    {
        Assert.InRange(Allocated.By(() => Assert.False(ProvisioningUri.TryParse(text, lenient: false, out _))), 0, 4096);
        var exception = Assert.Throws<FormatException>(() => ProvisioningUri.Parse(text));
        Assert.Equal($"Not a provisioning URI: {error}.", exception.Message);
    }

    [Fact]
    public void Parse_EveryError_IsReachedByAHostileText()
    {
        var reached = Hostile.Select(group => group.Error).Distinct();

        var errors = typeof(ProvisioningUriError).GetFields().Select(field => (string)field.GetRawConstantValue()!);
        Assert.Equal(errors.Order(), reached.Order());
    }

    [Fact]
    public void ParseAndTryParse_Null_AreRefused()
    {
        Assert.False(ProvisioningUri.TryParse(null, lenient: false, out _));
        Assert.Throws<FormatException>(() => ProvisioningUri.Parse(null!));
    }

    [Theory]
    [MemberData(nameof(Costly), DisableDiscoveryEnumeration = true)]
    public void TryParse_CostliestRefusal_AllocatesAtMostFourKibibytes(string text)
    {
        Assert.False(ProvisioningUri.TryParse(text, lenient: false, out _));
        Assert.InRange(text.Length, 0, ProvisioningUri.MaximumLength);
        Assert.InRange(Allocated.By(() => _ = ProvisioningUri.TryParse(text, lenient: false, out _)), 0, 4096);
    }

    [Fact]
    public void Parse_KeyUriFormatExample_GivesItsParts()
    {
        const string Text = $"otpauth://totp/ACME%20Co:john.doe@email.com?secret={Key}&issuer=ACME%20Co&algorithm=SHA1&digits=6&period=30";

        var uri = ProvisioningUri.Parse(Text);
        using var secret = uri.Secret;

        Assert.Equal(("ACME Co", "john.doe@email.com", 0L), (uri.Issuer, uri.AccountName, uri.Counter));
        Assert.Equivalent(new TotpParameters(), uri.Totp, strict: true);
        Assert.Equal(Key, secret.RevealBase32());
    }

    [Fact]
    public void Parse_OnlyASecret_TakesTheFormatsDefaults()
    {
        var uri = ProvisioningUri.Parse("otpauth://totp/john?secret=" + Key);
        using var secret = uri.Secret;

        Assert.Equal((string.Empty, "john"), (uri.Issuer, uri.AccountName));
        Assert.Equivalent(new TotpParameters(), uri.Totp, strict: true);
    }

    [Theory]
    [InlineData("OTPAUTH://TOTP/ACME:john?secret=" + Key)]
    [InlineData("otpauth://totp/ACME%3Ajohn?secret=" + Key)]
    [InlineData("otpauth://totp/ACME%3a%20%20john?secret=" + Key)]
    [InlineData("otpauth://totp/john?issuer=ACME&secret=" + Key)]
    [InlineData("otpauth://totp/%41CM%45:john?period=30&algorithm=sha1&secret=" + Key + "&digits=6&issuer=%41CME")]
    public void Parse_OtherSpellings_GiveTheSameUri(string text)
    {
        var uri = ProvisioningUri.Parse(text);
        using var secret = uri.Secret;

        Assert.Equal(("ACME", "john"), (uri.Issuer, uri.AccountName));
        Assert.Equivalent(new TotpParameters(), uri.Totp, strict: true);
    }

    [Theory]
    [InlineData("ACME", Start + "&image=https%3A%2F%2Facme.example%2Fi.png&color=%23FF0000&lock=true&icon=x&color=blue")]
    [InlineData("ACME", Start + "&counter=0&&x&=y&")]
    [InlineData("ACME", "otpauth://totp/ACME:john?secret=hxdmvjecjjwsrb3hwizr4ifugftmxboz")]
    [InlineData("ACME", "otpauth://totp/ACME:john?secret=" + Key + "======")]
    [InlineData("ACME", "otpauth://totp/ACME:john?secret=HXDMVJEC%20JJWSRB3H-WIZR4IFU%C2%A0GFTMXBOZ%3D")]
    [InlineData("ACME", "otpauth://totp/ACME: john?secret=HXDMVJEC JJWSRB3H WIZR4IFU\u00A0GFTMXBOZ ")]
    [InlineData("Über 株式", "otpauth://totp/Über 株式:john?secret=" + Key + "&issuer=Über 株式")]
    [InlineData("Other", Start + "&issuer=Other")]
    [InlineData("ACME", Start + "&issuer=")]
    [InlineData("ACME", Start + "&algorithm=HmacSHA1")]
    [InlineData("ACME", Start + "&algorithm=HMAC-SHA-1")]
    [InlineData("", "otpauth://totp/john?secret=" + Key)]
    [InlineData("", "otpauth://totp/:john?issuer=&secret=" + Key)]
    public void Parse_LenientAndOfAnotherSystem_IsReadAsAppsDo(string issuer, string text)
    {
        var uri = ProvisioningUri.Parse(text, lenient: true);
        using var secret = uri.Secret;

        Assert.Equal((issuer, "john", Key), (uri.Issuer, uri.AccountName, secret.RevealBase32()));
        Assert.Equivalent(new TotpParameters(), uri.Totp, strict: true);
    }

    // Apps would read these in different ways, or not at all.
    [Theory]
    [InlineData(ProvisioningUriError.DuplicateParameter, Start + "&secret=" + Key)]
    [InlineData(ProvisioningUriError.DuplicateParameter, Start + "&issuer=A&issuer=B")]
    [InlineData(ProvisioningUriError.UnknownParameter, Start + "&Secret=" + Key)]
    [InlineData(ProvisioningUriError.UnknownParameter, Start + "&%73ecret=" + Key)]
    [InlineData(ProvisioningUriError.UnknownParameter, Start + "&digits")]
    [InlineData(ProvisioningUriError.InvalidDigits, Start + "&digits=3")]
    [InlineData(ProvisioningUriError.InvalidDigits, Start + "&digits=６")]
    [InlineData(ProvisioningUriError.InvalidEncoding, "otpauth://totp/john\t?secret=" + Key)]
    [InlineData(ProvisioningUriError.InvalidDigits, Start + "&digits=9")]
    [InlineData(ProvisioningUriError.InvalidDigits, Start + "&digits=%D9%A6")]
    [InlineData(ProvisioningUriError.InvalidPeriod, Start + "&period=0")]
    [InlineData(ProvisioningUriError.InvalidCounter, HotpStart + "&period=30")]
    [InlineData(ProvisioningUriError.InvalidAlgorithm, Start + "&algorithm=MD5")]
    [InlineData(ProvisioningUriError.InvalidAlgorithm, Start + "&algorithm=SHA-512-256")]
    [InlineData(ProvisioningUriError.InvalidIssuer, Start + "&issuer=A%3AB")]
    [InlineData(ProvisioningUriError.InvalidLabel, "otpauth://totp/A:B:john?secret=" + Key)]
    [InlineData(ProvisioningUriError.InvalidSecret, "otpauth://totp/john?secret=A")]
    [InlineData(ProvisioningUriError.InvalidSecret, "otpauth://totp/john?secret=MZ=XW")]
    [InlineData(ProvisioningUriError.MissingSecret, "otpauth://totp/john?")]
    [InlineData(ProvisioningUriError.NotOtpAuth, Start + "#x")]
    public void Parse_LenientAndAmbiguous_IsRefused(string error, string text)
    {
        var exception = Assert.Throws<FormatException>(() => ProvisioningUri.Parse(text, lenient: true));

        Assert.Equal($"Not a provisioning URI: {error}.", exception.Message);
    }

    [Fact]
    public void Parse_PlusInAName_IsAPlus()
    {
        var uri = ProvisioningUri.Parse("otpauth://totp/A+B:john+doe?secret=" + Key + "&issuer=A+B");
        using var secret = uri.Secret;

        Assert.Equal(("A+B", "john+doe"), (uri.Issuer, uri.AccountName));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("7", 7)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Parse_Hotp_GivesTheCounter(string text, long counter)
    {
        var uri = ProvisioningUri.Parse(HotpStart + "&digits=8&counter=" + text);
        using var secret = uri.Secret;

        Assert.Equal((null, counter), (uri.Totp, uri.Counter));
        Assert.Equivalent(new HotpParameters { Digits = 8 }, uri.Hotp, strict: true);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(16, 10)]
    [InlineData(205, 128)]
    public void Parse_SecretOfAnyAllowedSize_IsTaken(int characters, int size)
    {
        var uri = ProvisioningUri.Parse("otpauth://totp/john?secret=" + new string('A', characters));
        using var secret = uri.Secret;

        Assert.Equal(size, secret.Size);
    }

    private static string Wide(int count) => string.Concat(Enumerable.Repeat("%E6%BC%A2", count));
}
