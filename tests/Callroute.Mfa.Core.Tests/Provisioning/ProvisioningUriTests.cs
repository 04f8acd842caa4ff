using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;
using FsCheck.Xunit;

namespace Callroute.Mfa.Core.Tests.Provisioning;

public sealed class ProvisioningUriTests : IDisposable
{
    private const string Key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    // Letters, characters of the URI syntax, right-to-left, combining, wide, joined and supplementary characters.
    private static readonly string[] Pieces =
    [
        "a", "Z", "0", " ", "+", "%", "%41", "&", "=", "?", "#", "/", "@", "\"", "<", "ß", "İ", "é", "e\u0301", "שלום", "مرحبا", "\u202E",
        "漢字", "\u00A0", "\u200D", "👩‍👩‍👧", "😀", "🇩🇪", "\uFFFD", "\uFEFF", "\U0010FFFF",
    ];

    private readonly SharedSecret _secret = RfcSeed.Sha1();

    // Nothing, nothing visible, a colon, control characters, a space at an end, half of a surrogate pair, too long.
    public static TheoryData<string> RefusedNames =>
        [
            "", "\u200B\u2060", "\u00A0\uFEFF", "\u3164", "\u2800", "\U000E0041", "a:b", "a\u0001b", "a\0", "a\nb", "a\u0085b",
            " a", "a ", "a\uD83D", "\uDE00a", new string('a', 201),
        ];

    public void Dispose() => _secret.Dispose();

    [Fact]
    public void Reveal_Totp_StatesEverything()
    {
        var uri = ProvisioningUri.ForTotp("Example", "alice@example.com", _secret, new TotpParameters());

        Assert.Equal(
            $"otpauth://totp/Example:alice%40example.com?secret={Key}&issuer=Example&algorithm=SHA1&digits=6&period=30", uri.Reveal());
        Assert.Equal((0L, (HotpParameters?)null), (uri.Counter, uri.Hotp));
    }

    [Fact]
    public void Reveal_UnusualParameters_AreStated()
    {
        var parameters = new TotpParameters { Algorithm = OtpAlgorithm.Sha512, Digits = 8, Period = TimeSpan.FromSeconds(60) };

        var text = ProvisioningUri.ForTotp("Example", "alice", _secret, parameters).Reveal();

        Assert.EndsWith("&algorithm=SHA512&digits=8&period=60", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Reveal_Hotp_StatesTheCounter()
    {
        var uri = ProvisioningUri.ForHotp(
            "Example", "alice", _secret, new HotpParameters { Algorithm = OtpAlgorithm.Sha256 }, long.MaxValue);

        Assert.Equal(
            $"otpauth://hotp/Example:alice?secret={Key}&issuer=Example&algorithm=SHA256&digits=6&counter=9223372036854775807",
            uri.Reveal());
        Assert.Null(uri.Totp);
        Assert.Equal("ProvisioningUri (Hotp)", uri.ToString());
    }

    [Theory]
    [InlineData("Big Co", "alice smith", "Big%20Co:alice%20smith?", "&issuer=Big%20Co&")]
    [InlineData("A+B", "a+b@c", "A%2BB:a%2Bb%40c?", "&issuer=A%2BB&")]
    [InlineData("A&B=C?D#E/F%G", "x", "A%26B%3DC%3FD%23E%2FF%25G:x?", "&issuer=A%26B%3DC%3FD%23E%2FF%25G&")]
    [InlineData("Bücher", "søren", "B%C3%BCcher:s%C3%B8ren?", "&issuer=B%C3%BCcher&")]
    public void Reveal_Names_ArePercentEncodedAndNeverWithPlus(string issuer, string account, string label, string issuerParameter)
    {
        var text = ProvisioningUri.ForTotp(issuer, account, _secret, new TotpParameters()).Reveal();

        Assert.StartsWith("otpauth://totp/" + label, text, StringComparison.Ordinal);
        Assert.Contains(issuerParameter, text, StringComparison.Ordinal);
        Assert.DoesNotContain('+', text);
    }

    // Google Authenticator for iOS refuses a secret with '='.
    [Theory]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(128)]
    public void RevealAndRevealManualEntryKey_SecretOfAnySize_AreUnpadded(int size)
    {
        using var secret = SharedSecret.Generate(OtpAlgorithm.Sha1, size);
        var uri = ProvisioningUri.ForTotp("Example", "alice", secret, new TotpParameters());

        var (text, shown) = (uri.Reveal(), uri.RevealManualEntryKey());

        Assert.Contains($"?secret={secret.RevealBase32()}&", text, StringComparison.Ordinal);
        Assert.Equal(5, text.Count(character => character == '='));
        Assert.Equal(secret.Key.ToArray(), Base32.Decode(shown, lenient: true));
        Assert.Equal(shown, shown.Trim());
    }

    [Fact]
    public void Reveal_ParsedWithoutIssuer_KeepsTheLabel()
    {
        var uri = ProvisioningUri.Parse("otpauth://totp/alice%40example.com?secret=GEZDGNBVGY3TQOJQ");
        using var secret = uri.Secret;

        Assert.Equal("otpauth://totp/alice%40example.com?secret=GEZDGNBVGY3TQOJQ&algorithm=SHA1&digits=6&period=30", uri.Reveal());
    }

    [Fact]
    public void Reveal_ParsedAgain_GeneratesTheSameCodes()
    {
        var parameters = new TotpParameters { Algorithm = OtpAlgorithm.Sha256, Digits = 7, Period = TimeSpan.FromSeconds(45) };
        var time = DateTimeOffset.FromUnixTimeSeconds(1234567890);

        var parsed = ProvisioningUri.Parse(ProvisioningUri.ForTotp("Example", "alice", _secret, parameters).Reveal());
        using var secret = parsed.Secret;

        Assert.Equivalent(parameters, parsed.Totp, strict: true);
        Assert.Equal(Totp.Generate(_secret, parameters, time), Totp.Generate(secret, parsed.Totp!, time));
    }

    [Theory]
    [MemberData(nameof(RefusedNames), DisableDiscoveryEnumeration = true)]
    public void ForTotpAndForHotp_NameOfAnotherForm_IsRefusedByName(string name)
    {
        Assert.Throws<ArgumentException>("issuer", () => ProvisioningUri.ForTotp(name, "alice", _secret, new TotpParameters()));
        Assert.Throws<ArgumentException>("accountName", () => ProvisioningUri.ForTotp("Example", name, _secret, new TotpParameters()));
        Assert.Throws<ArgumentException>("issuer", () => ProvisioningUri.ForHotp(name, "alice", _secret, new HotpParameters(), 0));
        Assert.Throws<ArgumentException>("accountName", () => ProvisioningUri.ForHotp("Example", name, _secret, new HotpParameters(), 0));
    }

    [Theory]
    [InlineData("A\u200BC\u202EME\uFEFF", "ACME")]
    [InlineData("\u200Fשלום", "שלום")]
    [InlineData("❤\uFE0F\u2060", "❤")]
    public void ForTotp_InvisibleCharactersInANameThatShows_AreDropped(string name, string expected)
    {
        var uri = ProvisioningUri.ForTotp(name, name, _secret, new TotpParameters());

        Assert.Equal((expected, expected), (uri.Issuer, uri.AccountName));
    }

    [Fact]
    public void ForTotp_LongestNamesOfWidestCharacters_StillParse()
    {
        var (issuer, account) = (new string('漢', 100), new string('字', 200));
        using var secret = SharedSecret.Generate(OtpAlgorithm.Sha512, 128);

        var text = ProvisioningUri.ForTotp(issuer, account, secret, new TotpParameters { Algorithm = OtpAlgorithm.Sha512 }).Reveal();
        using var parsed = ProvisioningUri.Parse(text).Secret;

        Assert.InRange(text.Length, 3000, ProvisioningUri.MaximumLength);
        Assert.Throws<ArgumentException>("issuer", () => ProvisioningUri.ForTotp(issuer + "漢", account, secret, new TotpParameters()));
    }

    [Fact]
    public void ForTotp_OtherT0_IsRefusedBecauseTheFormatCannotCarryIt()
    {
        var parameters = new TotpParameters { T0 = DateTimeOffset.UnixEpoch.AddSeconds(1) };

        var exception = Assert.Throws<ArgumentException>(
            "parameters", () => ProvisioningUri.ForTotp("Example", "alice", _secret, parameters));

        Assert.Contains("T0", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ForHotp_NegativeCounter_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(
        "counter", () => ProvisioningUri.ForHotp("Example", "alice", _secret, new HotpParameters(), -1));

    [Fact]
    public void ForTotpAndForHotp_Null_IsRefusedByName()
    {
        Assert.Throws<ArgumentNullException>("issuer", () => ProvisioningUri.ForTotp(null!, "alice", _secret, new TotpParameters()));
        Assert.Throws<ArgumentNullException>("accountName", () => ProvisioningUri.ForTotp("Example", null!, _secret, new TotpParameters()));
        Assert.Throws<ArgumentNullException>("secret", () => ProvisioningUri.ForTotp("Example", "alice", null!, new TotpParameters()));
        Assert.Throws<ArgumentNullException>("parameters", () => ProvisioningUri.ForTotp("Example", "alice", _secret, null!));
        Assert.Throws<ArgumentNullException>("parameters", () => ProvisioningUri.ForHotp("Example", "alice", _secret, null!, 0));
    }

    [Fact]
    public void Reveal_SecretDisposed_ThrowsForItsOwnCopyOnly()
    {
        var uri = ProvisioningUri.ForTotp("Example", "alice", _secret, new TotpParameters());

        _secret.Dispose();
        Assert.Contains(Key, uri.Reveal(), StringComparison.Ordinal);
        uri.Secret.Dispose();

        Assert.Throws<ObjectDisposedException>(uri.Reveal);
        Assert.Throws<ObjectDisposedException>(uri.RevealManualEntryKey);
    }

    [Fact]
    public void ToStringAndJson_Uri_HoldNoSecret()
    {
        var uri = ProvisioningUri.ForTotp("Example", "alice", _secret, new TotpParameters());
        var display = typeof(ProvisioningUri).GetCustomAttribute<DebuggerDisplayAttribute>()!.Value;

        Assert.Equal("ProvisioningUri (Totp)", uri.ToString());
        Assert.Equal("{ToString(),nq}", display);
        Assert.DoesNotContain(Key[..8], JsonSerializer.Serialize(uri), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void RevealManualEntryKey_Secret_IsShownInGroupsOfFour()
    {
        var uri = ProvisioningUri.ForTotp("Example", "alice", _secret, new TotpParameters());

        Assert.Equal("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ", uri.RevealManualEntryKey());
    }

    [Property(MaxTest = 1000)]
    public void Reveal_NamesOfAnyCharacters_ReadBack(byte[] issuerPieces, byte[] accountPieces, byte algorithm, byte digits, ushort period)
    {
        var parameters = new TotpParameters
        {
            Algorithm = (OtpAlgorithm)(algorithm % 3),
            Digits = 4 + digits % 5,
            Period = TimeSpan.FromSeconds(15 + period % 286),
        };
        var made = ProvisioningUri.ForTotp(Name(issuerPieces), Name(accountPieces), _secret, parameters);

        var parsed = ProvisioningUri.Parse(made.Reveal());
        using var parsedSecret = parsed.Secret;

        Assert.Equal((made.Issuer, made.AccountName), (parsed.Issuer, parsed.AccountName));
        Assert.Equivalent(made.Totp, parsed.Totp, strict: true);
        Assert.Equal(made.Reveal(), parsed.Reveal());
        Assert.True(made.Reveal().All(char.IsAscii));
    }

    // No space at either end, and short enough for an issuer with any pieces.
    private static string Name(byte[] pieces) =>
        $"x{string.Concat(pieces.Take(12).Select(piece => Pieces[piece % Pieces.Length]))}x";
}
