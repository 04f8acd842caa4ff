using System.Globalization;
using System.Text;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Core.Tests.Recovery;

public sealed class Pbkdf2RecoveryCodeHasherTests
{
    private const string Salt = "c2l4dGVlbiBieXRlcyA6KQ";
    private const string Settings = "$pbkdf2-sha512$i=1000,l=32$" + Salt;

    private static readonly IRecoveryCodeHasher Hasher = new Pbkdf2RecoveryCodeHasher();

    [Fact]
    public void CreateSettings_NoIterations_AreThoseOfOwaspWithANewSalt()
    {
        var (first, second) = (Hasher.CreateSettings(), Hasher.CreateSettings());

        Assert.Matches(@"^\$pbkdf2-sha512\$i=220000,l=32\$[A-Za-z0-9+/]{22}$", first);
        Assert.NotEqual(first, second);
        Assert.True(Hasher.IsCurrent(first));
        Assert.False(Hasher.IsCurrent(Settings));
    }

    [Theory]
    [InlineData(999)]
    [InlineData(1_000_001)]
    public void Constructor_OutOfRange_Throws(int iterations) =>
        Assert.Throws<ArgumentOutOfRangeException>(nameof(iterations), () => new Pbkdf2RecoveryCodeHasher(iterations));

    // A longer input than a block of SHA-512 is hashed first by HMAC.
    [Theory]
    [InlineData(24, "sixteen bytes :)", 220_000)]
    [InlineData(24, "................", 1_000)]
    [InlineData(1, "sixteen bytes :)", 1_001)]
    [InlineData(129, "sixteen bytes :)", 1_000)]
    public async Task HashAsync_Input_EqualsOpenSsl(int length, string salt, int iterations)
    {
        ExternalProgram.Require("openssl");
        var input = new string('K', length);
        string[] arguments =
        [
            "kdf", "-keylen", "32", "-kdfopt", "digest:SHA512", "-kdfopt", $"pass:{input}", "-kdfopt", $"salt:{salt}",
            "-kdfopt", $"iter:{iterations}", "PBKDF2",
        ];

        var tag = await Hasher.HashAsync(
            Encoding.ASCII.GetBytes(input),
            $"$pbkdf2-sha512$i={iterations},l=32${Convert.ToBase64String(Encoding.ASCII.GetBytes(salt)).TrimEnd('=')}");

        var expected = ExternalProgram.Run("openssl", arguments, string.Empty).Replace(":", string.Empty, StringComparison.Ordinal).Trim();
        Assert.Equal(expected, Convert.ToHexString(tag));
    }

    // Computed once by hashlib.pbkdf2_hmac of Python.
    [Fact]
    public async Task HashAsync_KnownInput_GivesTheTagOfPython() => Assert.Equal(
        "9D839C449648439C3104E9F854339F6C919E5572BA53644EF617CF1BFAAF6E93",
        Convert.ToHexString(await Hasher.HashAsync("0123456789ABCDEFGHJKMNPQ"u8.ToArray(), Settings)));

    public static TheoryData<string> Refused =>
    [
        string.Empty, Settings[1..], $"{Settings}=", $"{Settings}$AAAA", $" {Settings}", $"{Settings}\n", new string('$', 256),
        .. new[] { "999", "1000001", "4294968296", "-1000", "+1000", "01000", "1000 ", "1e3", string.Empty }
            .Select(iterations => $"$pbkdf2-sha512$i={iterations},l=32${Salt}"),
        $"$pbkdf2-sha512$i=1000,l=64${Salt}", $"$pbkdf2-sha512$l=32,i=1000${Salt}", $"$pbkdf2-sha512$i=1000${Salt}",
        $"$pbkdf2-sha256$i=1000,l=32${Salt}", $"$pbkdf2$i=1000,l=32${Salt}", $"$argon2id$v=19$m=19456,t=2,p=1${Salt}",
        $"$pbkdf2-sha512$i=1000,l=32${Salt[..^1]}", $"$pbkdf2-sha512$i=1000,l=32${Salt}A", $"$pbkdf2-sha512$i=1000,l=32${Salt[..^1]}R",
        $"$pbkdf2-sha512$i=1000,l=32${Salt[..^1]}-", $"$pbkdf2-sha512$i=1000,l=32${Salt[..11]} {Salt[12..]}",
    ];

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task HashAsync_SettingsNotCanonicalOrAboveTheCap_Throws(string settings)
    {
        await Assert.ThrowsAsync<NotSupportedException>(() => Hasher.HashAsync([1], settings));
        Assert.False(Hasher.IsCurrent(settings));
    }

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("fa-IR")]
    public void CreateSettings_AnyCulture_AreReadBack(string culture)
    {
        using var scope = new CultureScope(culture);

        Assert.True(Hasher.IsCurrent(Hasher.CreateSettings()), CultureInfo.CurrentCulture.Name);
    }
}
