using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;

namespace Callroute.Mfa.Core.Tests.Provisioning;

public class ProvisioningUriParserTests
{
    // The secret of the Key URI Format's own example.
    private const string Key = "HXDMVJECJJWSRB3HWIZR4IFUGFTMXBOZ";
    private const string Start = "otpauth://totp/ACME:john?secret=" + Key;
    private const string HotpStart = "otpauth://hotp/ACME:john?secret=" + Key;

    public static TheoryData<ProvisioningUriError, string> Refused => new()
    {
        { ProvisioningUriError.TooLong, Start + "&issuer=" + new string('a', 5 << 20) },
        { ProvisioningUriError.TooLong, new string('a', 4097) },
        { ProvisioningUriError.NotOtpAuth, "" },
        { ProvisioningUriError.NotOtpAuth, new string('a', 4096) },
        { ProvisioningUriError.NotOtpAuth, "https://totp/ACME:john?secret=" + Key },
        { ProvisioningUriError.NotOtpAuth, " " + Start },
        { ProvisioningUriError.NotOtpAuth, "otpauth:/totp/ACME:john?secret=" + Key },
        { ProvisioningUriError.NotOtpAuth, "otpauth-migration://offline?data=AAAA" },
        { ProvisioningUriError.NotOtpAuth, "otpauth://" },
        { ProvisioningUriError.NotOtpAuth, "otpauth://totp" },
        { ProvisioningUriError.NotOtpAuth, "otpauth://totp?secret=" + Key },
        { ProvisioningUriError.NotOtpAuth, "otpauth://totp?secret=/" + Key },
        { ProvisioningUriError.NotOtpAuth, "otpauth://totp:443/ACME:john?secret=" + Key },
        { ProvisioningUriError.NotOtpAuth, "otpauth://eve@totp/ACME:john?secret=" + Key },
        { ProvisioningUriError.NotOtpAuth, "otpauth://eve:pw@totp/ACME:john?secret=" + Key },
        { ProvisioningUriError.NotOtpAuth, Start + "#" },
        { ProvisioningUriError.NotOtpAuth, Start + "#fragment" },
        { ProvisioningUriError.NotOtpAuth, "otpauth://totp/ACME:jo#hn?secret=" + Key },
        { ProvisioningUriError.UnknownType, "otpauth:///ACME:john?secret=" + Key },
        { ProvisioningUriError.UnknownType, "otpauth://steam/ACME:john?secret=" + Key },
        { ProvisioningUriError.UnknownType, "otpauth://totp%20/ACME:john?secret=" + Key },
        { ProvisioningUriError.UnknownType, "otpauth://tot\u0440/ACME:john?secret=" + Key },
        { ProvisioningUriError.InvalidEncoding, "otpauth://totp/%?secret=" + Key },
        { ProvisioningUriError.InvalidEncoding, "otpauth://totp/%2?secret=" + Key },
        { ProvisioningUriError.InvalidEncoding, "otpauth://totp/%zz?secret=" + Key },
        { ProvisioningUriError.InvalidEncoding, "otpauth://totp/%+1?secret=" + Key },
        { ProvisioningUriError.InvalidEncoding, "otpauth://totp/%0x41?secret=" + Key },
        { ProvisioningUriError.InvalidEncoding, "otpauth://totp/john%4\0?secret=" + Key },
        { ProvisioningUriError.InvalidEncoding, "otpauth://totp/john%\uFF14\uFF11?secret=" + Key },
        { ProvisioningUriError.InvalidEncoding, "otpauth://totp/%FF?secret=" + Key },
        { ProvisioningUriError.InvalidEncoding, "otpauth://totp/%C0%80?secret=" + Key },
        { ProvisioningUriError.InvalidEncoding, "otpauth://totp/%ED%A0%80?secret=" + Key },
        { ProvisioningUriError.InvalidEncoding, "otpauth://totp/%C3?secret=" + Key },
        { ProvisioningUriError.InvalidEncoding, "otpauth://totp/\uD83D?secret=" + Key },
        { ProvisioningUriError.InvalidEncoding, "otpauth://totp/j\u00F6hn?secret=" + Key },
        { ProvisioningUriError.InvalidEncoding, "otpauth://totp/john smith?secret=" + Key },
        { ProvisioningUriError.InvalidEncoding, "otpauth://totp/john\0?secret=" + Key },
        { ProvisioningUriError.InvalidEncoding, "otpauth://totp/john\u001F?secret=" + Key },
        { ProvisioningUriError.InvalidEncoding, "otpauth://totp/john\u007F?secret=" + Key },
        { ProvisioningUriError.InvalidEncoding, "otpauth://totp/" + new string('a', 4000) + "?secret=A" },
        { ProvisioningUriError.InvalidEncoding, Start + "&issuer=%" },
        { ProvisioningUriError.InvalidEncoding, Start + "&issuer=%C0%80" },
        { ProvisioningUriError.InvalidEncoding, Start + "&issuer=" + new string('a', 2000) },
        { ProvisioningUriError.InvalidEncoding, Start + "&digits=" + new string('6', 33) },
        { ProvisioningUriError.InvalidEncoding, "otpauth://totp/ACME:john?secret=" + new string('A', 257) },
        { ProvisioningUriError.InvalidLabel, "otpauth://totp/?secret=" + Key },
        { ProvisioningUriError.InvalidLabel, "otpauth://totp/ACME:?secret=" + Key },
        { ProvisioningUriError.InvalidLabel, "otpauth://totp/ACME:%20?secret=" + Key },
        { ProvisioningUriError.InvalidLabel, "otpauth://totp/:john?secret=" + Key },
        { ProvisioningUriError.InvalidLabel, "otpauth://totp/ACME:john:smith?secret=" + Key },
        { ProvisioningUriError.InvalidLabel, "otpauth://totp/ACME%3Ajohn%3Asmith?secret=" + Key },
        { ProvisioningUriError.InvalidLabel, "otpauth://totp/ACME:john%00?secret=" + Key },
        { ProvisioningUriError.InvalidLabel, "otpauth://totp/AC%0AME:john?secret=" + Key },
        { ProvisioningUriError.InvalidLabel, "otpauth://totp/john%20?secret=" + Key },
        { ProvisioningUriError.InvalidLabel, "otpauth://totp/" + new string('a', 201) + "?secret=" + Key },
        { ProvisioningUriError.InvalidLabel, "otpauth://totp/" + new string('a', 101) + ":john?secret=" + Key },
        { ProvisioningUriError.InvalidIssuer, Start + "&issuer=" },
        { ProvisioningUriError.InvalidIssuer, Start + "&issuer=AC:ME" },
        { ProvisioningUriError.InvalidIssuer, Start + "&issuer=AC%3AME" },
        { ProvisioningUriError.InvalidIssuer, Start + "&issuer=ACME%00" },
        { ProvisioningUriError.InvalidIssuer, Start + "&issuer=%20ACME" },
        { ProvisioningUriError.InvalidIssuer, Start + "&issuer=" + new string('a', 101) },
        { ProvisioningUriError.IssuerMismatch, Start + "&issuer=Evil" },
        { ProvisioningUriError.IssuerMismatch, Start + "&issuer=acme" },
        { ProvisioningUriError.IssuerMismatch, Start + "&issuer=AC%CC%81ME" },
        { ProvisioningUriError.DuplicateParameter, Start + "&secret=" + Key },
        { ProvisioningUriError.DuplicateParameter, Start + "&issuer=ACME&issuer=ACME" },
        { ProvisioningUriError.DuplicateParameter, Start + "&digits=6&digits=8" },
        { ProvisioningUriError.UnknownParameter, Start + "&image=x" },
        { ProvisioningUriError.UnknownParameter, Start + "&Issuer=ACME" },
        { ProvisioningUriError.UnknownParameter, Start + "&%69ssuer=ACME" },
        { ProvisioningUriError.UnknownParameter, Start + "&counter=1" },
        { ProvisioningUriError.UnknownParameter, HotpStart + "&counter=1&period=30" },
        { ProvisioningUriError.UnknownParameter, Start + "&" },
        { ProvisioningUriError.UnknownParameter, Start + "&&digits=6" },
        { ProvisioningUriError.UnknownParameter, Start + "&digits" },
        { ProvisioningUriError.UnknownParameter, Start + "&=6" },
        { ProvisioningUriError.UnknownParameter, Start + ";digits=6&?" },
        { ProvisioningUriError.MissingSecret, "otpauth://totp/ACME:john" },
        { ProvisioningUriError.MissingSecret, "otpauth://totp/ACME:john?" },
        { ProvisioningUriError.MissingSecret, "otpauth://totp/ACME:john?issuer=ACME&digits=6" },
        { ProvisioningUriError.InvalidSecret, "otpauth://totp/ACME:john?secret=" },
        { ProvisioningUriError.InvalidSecret, "otpauth://totp/ACME:john?secret=MZXW6===" },
        { ProvisioningUriError.InvalidSecret, "otpauth://totp/ACME:john?secret=MZXW6%3D%3D%3D" },
        { ProvisioningUriError.InvalidSecret, "otpauth://totp/ACME:john?secret=mzxw6ytb" },
        { ProvisioningUriError.InvalidSecret, "otpauth://totp/ACME:john?secret=MZXW%206YTB" },
        { ProvisioningUriError.InvalidSecret, "otpauth://totp/ACME:john?secret=MZXW+6YTB" },
        { ProvisioningUriError.InvalidSecret, "otpauth://totp/ACME:john?secret=MZXW6YT0" },
        { ProvisioningUriError.InvalidSecret, "otpauth://totp/ACME:john?secret=MZ" },
        { ProvisioningUriError.InvalidSecret, "otpauth://totp/ACME:john?secret=AAA" },
        { ProvisioningUriError.InvalidSecret, "otpauth://totp/ACME:john?secret=" + new string('A', 207) },
        { ProvisioningUriError.InvalidSecret, Start + "%00" },
        { ProvisioningUriError.InvalidAlgorithm, Start + "&algorithm=MD5" },
        { ProvisioningUriError.InvalidAlgorithm, Start + "&algorithm=" },
        { ProvisioningUriError.InvalidAlgorithm, Start + "&algorithm=SHA-1" },
        { ProvisioningUriError.InvalidAlgorithm, Start + "&algorithm=0" },
        { ProvisioningUriError.InvalidAlgorithm, Start + "&algorithm=SHA1%00" },
        { ProvisioningUriError.InvalidAlgorithm, Start + "&algorithm=HmacSHA1" },
        { ProvisioningUriError.InvalidDigits, Start + "&digits=" },
        { ProvisioningUriError.InvalidDigits, Start + "&digits=3" },
        { ProvisioningUriError.InvalidDigits, Start + "&digits=9" },
        { ProvisioningUriError.InvalidDigits, Start + "&digits=06" },
        { ProvisioningUriError.InvalidDigits, Start + "&digits=+6" },
        { ProvisioningUriError.InvalidDigits, Start + "&digits=%2B6" },
        { ProvisioningUriError.InvalidDigits, Start + "&digits=-6" },
        { ProvisioningUriError.InvalidDigits, Start + "&digits=%206" },
        { ProvisioningUriError.InvalidDigits, Start + "&digits=6%20" },
        { ProvisioningUriError.InvalidDigits, Start + "&digits=6%00" },
        { ProvisioningUriError.InvalidDigits, Start + "&digits=6.0" },
        { ProvisioningUriError.InvalidDigits, Start + "&digits=%EF%BC%96" },
        { ProvisioningUriError.InvalidDigits, Start + "&digits=%D9%A6" },
        { ProvisioningUriError.InvalidDigits, Start + "&digits=4294967302" },
        { ProvisioningUriError.InvalidDigits, Start + "&digits=18446744073709551622" },
        { ProvisioningUriError.InvalidPeriod, Start + "&period=" },
        { ProvisioningUriError.InvalidPeriod, Start + "&period=0" },
        { ProvisioningUriError.InvalidPeriod, Start + "&period=14" },
        { ProvisioningUriError.InvalidPeriod, Start + "&period=301" },
        { ProvisioningUriError.InvalidPeriod, Start + "&period=030" },
        { ProvisioningUriError.InvalidPeriod, Start + "&period=-30" },
        { ProvisioningUriError.InvalidPeriod, Start + "&period=30%00" },
        { ProvisioningUriError.InvalidPeriod, Start + "&period=3e1" },
        { ProvisioningUriError.InvalidCounter, HotpStart },
        { ProvisioningUriError.InvalidCounter, HotpStart + "&counter=" },
        { ProvisioningUriError.InvalidCounter, HotpStart + "&counter=-1" },
        { ProvisioningUriError.InvalidCounter, HotpStart + "&counter=00" },
        { ProvisioningUriError.InvalidCounter, HotpStart + "&counter=1%00" },
        { ProvisioningUriError.InvalidCounter, HotpStart + "&counter=9223372036854775808" },
        { ProvisioningUriError.InvalidCounter, HotpStart + "&counter=18446744073709551616" },
    };

    // As costly as a text of 4,096 characters can be made: everything valid up to its last part, and as long as it may be.
    public static TheoryData<string> Costly => new()
    {
        $"otpauth://totp/{new string('i', 100)}:%20{new string('a', 200)}?issuer={new string('x', 256)}&secret={new string('A', 256)}&algorithm={new string('x', 256)}&digits={new string('6', 256)}&period={new string('3', 256)}&q",
        $"otpauth://totp/{new string('i', 100)}:%20{new string('a', 200)}?issuer={new string('x', 128)}&secret={new string('A', 256)}&algorithm={new string('x', 32)}&digits={new string('6', 32)}&period={new string('3', 32)}&q",
        $"otpauth://totp/{new string('i', 100)}:%20{new string('a', 200)}?issuer={new string('i', 100)}&secret={new string('A', 256)}&algorithm=SHA512&digits=8&period=30",
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
    public void TryParse_Hostile_TellsTheReason(ProvisioningUriError expected, string text)
    {
        var parsed = ProvisioningUri.TryParse(text, out var uri, out var error);

        Assert.False(parsed);
        Assert.Null(uri);
        Assert.Equal(expected, error);
    }

    [Fact]
    public void TryParse_EveryReason_IsReachedByAHostileText()
    {
        var reached = Refused.Select(row => row.Data.Item1).ToHashSet();

        Assert.Equal(Enum.GetValues<ProvisioningUriError>().Where(error => error != ProvisioningUriError.None), reached.Order());
    }

    [Fact]
    public void TryParse_Null_IsRefused()
    {
        Assert.False(ProvisioningUri.TryParse(null, out _, out var error));
        Assert.Equal(ProvisioningUriError.NotOtpAuth, error);
    }

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void TryParse_Refusal_AllocatesAtMostFourKibibytes(ProvisioningUriError expected, string text)
    {
        Assert.NotEqual(ProvisioningUriError.None, expected);
        Assert.InRange(Allocated.By(() => _ = ProvisioningUri.TryParse(text, out _, out _)), 0, 4096);
    }

    [Theory]
    [MemberData(nameof(Costly), DisableDiscoveryEnumeration = true)]
    public void TryParse_CostliestRefusal_AllocatesAtMostFourKibibytes(string text)
    {
        Assert.False(ProvisioningUri.TryParse(text, out _, out _));
        Assert.InRange(text.Length, 0, ProvisioningUri.MaximumLength);
        Assert.InRange(Allocated.By(() => _ = ProvisioningUri.TryParse(text, out _, out _)), 0, 4096);
    }

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void Parse_Refusal_ThrowsTheReasonAndNoPartOfTheText(ProvisioningUriError expected, string text)
    {
        var exception = Assert.Throws<FormatException>(() => ProvisioningUri.Parse(text));

        Assert.Equal($"Not a provisioning URI: {expected}.", exception.Message);
    }

    [Fact]
    public void Parse_KeyUriFormatExample_GivesItsParts()
    {
        const string Text = $"otpauth://totp/ACME%20Co:john.doe@email.com?secret={Key}&issuer=ACME%20Co&algorithm=SHA1&digits=6&period=30";

        var uri = ProvisioningUri.Parse(Text);
        using var secret = uri.Secret;

        Assert.Equal(("ACME Co", "john.doe@email.com", OtpType.Totp), (uri.Issuer, uri.AccountName, uri.Type));
        Assert.Equal(TotpParameters.Default, uri.Totp);
        Assert.Equal(Key, secret.RevealBase32());
    }

    [Fact]
    public void Parse_OnlyASecret_TakesTheFormatsDefaults()
    {
        var uri = ProvisioningUri.Parse("otpauth://totp/john?secret=" + Key);
        using var secret = uri.Secret;

        Assert.Equal((string.Empty, "john"), (uri.Issuer, uri.AccountName));
        Assert.Equal(TotpParameters.Default, uri.Totp);
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

        Assert.Equal(("ACME", "john", TotpParameters.Default), (uri.Issuer, uri.AccountName, uri.Totp));
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

        Assert.Equal((OtpType.Hotp, counter), (uri.Type, uri.Counter));
        Assert.Equal(new HotpParameters { Digits = 8 }, uri.Hotp);
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
