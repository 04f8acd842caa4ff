using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;

namespace Callroute.Mfa.Core.Tests.Provisioning;

public sealed class ProvisioningUriTests : IDisposable
{
    private const string Key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    private readonly SharedSecret _secret = RfcSeed.Sha1();

    public static TheoryData<string, string> RefusedNames => new()
    {
        { "empty", "" },
        { "colon", "a:b" },
        { "control character", "a\u0001b" },
        { "NUL", "a\0" },
        { "line feed", "a\nb" },
        { "C1 control character", "a\u0085b" },
        { "space before", " a" },
        { "space after", "a " },
        { "lone high surrogate", "a\uD83D" },
        { "lone low surrogate", "\uDE00a" },
        { "too long", new string('a', 201) },
    };

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
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(128)]
    public void Reveal_SecretOfAnySize_IsUnpadded(int size)
    {
        using var secret = SharedSecret.Generate(OtpAlgorithm.Sha1, size);

        var text = ProvisioningUri.ForTotp("Example", "alice", secret, new TotpParameters()).Reveal();

        Assert.Contains($"?secret={secret.RevealBase32()}&", text, StringComparison.Ordinal);
        Assert.Equal(5, text.Count(character => character == '='));
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
    public void ForTotpAndForHotp_NameOfAnotherForm_IsRefusedByName(string what, string name)
    {
        Assert.NotEmpty(what);
        Assert.Throws<ArgumentException>("issuer", () => ProvisioningUri.ForTotp(name, "alice", _secret, new TotpParameters()));
        Assert.Throws<ArgumentException>("accountName", () => ProvisioningUri.ForTotp("Example", name, _secret, new TotpParameters()));
        Assert.Throws<ArgumentException>("issuer", () => ProvisioningUri.ForHotp(name, "alice", _secret, new HotpParameters(), 0));
        Assert.Throws<ArgumentException>("accountName", () => ProvisioningUri.ForHotp("Example", name, _secret, new HotpParameters(), 0));
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
    public void ForHotp_NegativeCounter_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(
            "counter", () => ProvisioningUri.ForHotp("Example", "alice", _secret, new HotpParameters(), -1));
    }

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
    public void Reveal_SecretDisposed_Throws()
    {
        var uri = ProvisioningUri.ForTotp("Example", "alice", _secret, new TotpParameters());

        uri.Secret.Dispose();

        Assert.Throws<ObjectDisposedException>(uri.Reveal);
        Assert.Throws<ObjectDisposedException>(uri.RevealManualEntryKey);
    }

    [Fact]
    public void Reveal_CallersSecretDisposed_StillTellsItsOwnCopy()
    {
        var uri = ProvisioningUri.ForTotp("Example", "alice", _secret, new TotpParameters());
        var before = uri.Reveal();

        _secret.Dispose();

        Assert.Equal(before, uri.Reveal());
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

    [Theory]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(32)]
    public void RevealManualEntryKey_AnySize_IsReadBackByLenientBase32(int size)
    {
        using var secret = SharedSecret.Generate(OtpAlgorithm.Sha1, size);

        var shown = ProvisioningUri.ForTotp("Example", "alice", secret, new TotpParameters()).RevealManualEntryKey();

        Assert.Equal(secret.Key.ToArray(), Base32.Decode(shown, lenient: true));
        Assert.Equal(shown, shown.Trim());
    }
}
