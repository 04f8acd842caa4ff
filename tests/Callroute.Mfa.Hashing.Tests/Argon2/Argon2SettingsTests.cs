using System.Globalization;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.Core.Tests;
using Callroute.Mfa.Core.Tests.Fuzz;

namespace Callroute.Mfa.Hashing.Tests.Argon2;

public class Argon2SettingsTests
{
    private const string Salt = "AAECAwQFBgcICQoLDA0ODw";
    private const string End = "$" + Salt;
    private const string Text = "$argon2id$v=19$m=19456,t=2,p=1" + End;

    public static TheoryData<string, string?> Refused => new()
    {
        { "null", null },
        { "empty", "" },
        { "order t,m,p", "$argon2id$v=19$t=2,m=19456,p=1" + End },
        { "order m,p,t", "$argon2id$v=19$m=19456,p=1,t=2" + End },
        { "version after parameters", "$argon2id$m=19456,t=2,p=1$v=19" + End },
        { "leading zero in m", "$argon2id$v=19$m=019456,t=2,p=1" + End },
        { "leading zero in t", "$argon2id$v=19$m=19456,t=02,p=1" + End },
        { "leading zero in p", "$argon2id$v=19$m=19456,t=2,p=01" + End },
        { "plus sign", "$argon2id$v=19$m=+19456,t=2,p=1" + End },
        { "minus sign", "$argon2id$v=19$m=-19456,t=2,p=1" + End },
        { "decimal point", "$argon2id$v=19$m=19456.0,t=2,p=1" + End },
        { "thousands separator", "$argon2id$v=19$m=19,456,t=2,p=1" + End },
        { "hexadecimal", "$argon2id$v=19$m=0x4C00,t=2,p=1" + End },
        { "full-width digit", "$argon2id$v=19$m=19456,t=\uFF12,p=1" + End },
        { "NUL after m", "$argon2id$v=19$m=19456\0,t=2,p=1" + End },
        { "NUL after p", "$argon2id$v=19$m=19456,t=2,p=1\0" + End },
        { "space in parameters", "$argon2id$v=19$m=19456, t=2,p=1" + End },
        { "empty m", "$argon2id$v=19$m=,t=2,p=1" + End },
        { "upper-case name", "$argon2id$v=19$M=19456,t=2,p=1" + End },
        { "no p", "$argon2id$v=19$m=19456,t=2" + End },
        { "no parameters", "$argon2id$v=19" + End },
        { "m twice", "$argon2id$v=19$m=19456,m=19456,t=2,p=1" + End },
        { "keyid", "$argon2id$v=19$m=19456,t=2,p=1,keyid=AAAA" + End },
        { "data", "$argon2id$v=19$m=19456,t=2,p=1,data=AAAA" + End },
        { "comma at the end of the parameters", "$argon2id$v=19$m=19456,t=2,p=1," + End },
        { "argon2i", "$argon2i$v=19$m=19456,t=2,p=1" + End },
        { "argon2d", "$argon2d$v=19$m=19456,t=2,p=1" + End },
        { "upper-case algorithm", "$ARGON2ID$v=19$m=19456,t=2,p=1" + End },
        { "v=16", "$argon2id$v=16$m=19456,t=2,p=1" + End },
        { "v=019", "$argon2id$v=019$m=19456,t=2,p=1" + End },
        { "no version", "$argon2id$m=19456,t=2,p=1" + End },
        { "no dollar at the start", Text[1..] },
        { "no salt", "$argon2id$v=19$m=19456,t=2,p=1" },
        { "with a tag", Text + "$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8" },
        { "empty salt", "$argon2id$v=19$m=19456,t=2,p=1$" },
        { "extra part", Text + "$AAAA" },
        { "dollar at the end", Text + "$" },
        { "space before", " " + Text },
        { "space after", Text + " " },
        { "line feed after", Text + "\n" },
        { "NUL after", Text + "\0" },
        { "padded salt", "$argon2id$v=19$m=19456,t=2,p=1$" + Salt + "==" },
        { "space in salt", "$argon2id$v=19$m=19456,t=2,p=1$AAEC AwQFBgcICQoLDA0ODw" },
        { "trailing bits in salt", "$argon2id$v=19$m=19456,t=2,p=1$" + Salt[..^1] + "x" },
        { "impossible length of salt", "$argon2id$v=19$m=19456,t=2,p=1$" + Salt + "AAA" },
        { "URL-safe Base64", "$argon2id$v=19$m=19456,t=2,p=1$__ECAwQFBgcICQoLDA0ODw" },
        { "m above the ceiling", "$argon2id$v=19$m=65537,t=2,p=1" + End },
        { "m far above the ceiling", "$argon2id$v=19$m=4294967295,t=2,p=1" + End },
        { "m beyond 64 bits", "$argon2id$v=19$m=18446744073709571072,t=2,p=1" + End },
        { "m below 8 a lane", "$argon2id$v=19$m=31,t=2,p=4" + End },
        { "t above the ceiling", "$argon2id$v=19$m=19456,t=11,p=1" + End },
        { "t of 0", "$argon2id$v=19$m=19456,t=0,p=1" + End },
        { "p above the ceiling", "$argon2id$v=19$m=19456,t=2,p=5" + End },
        { "p of 0", "$argon2id$v=19$m=19456,t=2,p=0" + End },
        { "p that overflows 8 lanes", "$argon2id$v=19$m=19456,t=2,p=2147483647" + End },
        { "salt of 7 bytes", "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBg" },
        { "salt of 49 bytes", "$argon2id$v=19$m=19456,t=2,p=1$" + Zeros(49) },
        { "129 characters", Text + new string('A', 129 - Text.Length) },
        { "a megabyte", Text + new string('A', 1 << 20) },
        { "only dollars", new string('$', 128) },
        { "many commas", "$argon2id$v=19$" + new string(',', 100) + "$$" },
    };

    public static TheoryData<string> Cultures => ["tr-TR", "ar-SA", "de-DE", "fa-IR"];

    [Fact]
    public void Parse_Canonical_GivesItsPartsAndFormatsBack()
    {
        var settings = Argon2Settings.Parse(Text);

        Assert.Equal(new Argon2Cost(19_456, 2, 1), settings.Cost);
        Assert.Equal(Enumerable.Range(0, 16).Select(i => (byte)i), settings.Salt);
        Assert.Equal(Text, settings.ToString());
    }

    [Theory]
    [InlineData("m=8,t=1,p=1", 8)]
    [InlineData("m=65536,t=10,p=4", 48)]
    [InlineData("m=32,t=3,p=4", 16)]
    public void Parse_AtTheBounds_IsTaken(string parameters, int saltSize)
    {
        var text = $"$argon2id$v=19${parameters}${Zeros(saltSize)}";

        Assert.Equal(text, Argon2Settings.Parse(text).ToString());
    }

    [Theory]
    [MemberData(nameof(Cultures))]
    public void Parse_AnyCulture_IsTheSame(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo(culture);
        try
        {
            Assert.Equal(Text, Argon2Settings.Parse(Text).ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void TryParse_NotCanonicalOrAboveTheCaps_IsRefused(string what, string? text) => Assert.True(Argon2Settings.TryParse(text) is null, what);

    // The caps hold before anything is allocated for the hash.
    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void TryParse_Refusal_AllocatesAtMostFourKibibytes(string what, string? text)
    {
        var bytes = Allocated.By(() => _ = Argon2Settings.TryParse(text));

        Assert.True(bytes <= 4096, $"{what}: {bytes} bytes");
    }

    [Fact]
    public void TryParse_MutatedTexts_AreAnswered()
    {
        var mutator = new TextMutator(9106, Text, "$argon2id$v=19$m=65536,t=10,p=4$AAECAwQFBgc");
        var accepted = 0;
        for (var count = 0; count < 20_000; count++)
        {
            var text = mutator.Next();
            var settings = Argon2Settings.TryParse(text);
            accepted += settings is null ? 0 : 1;
            Assert.Equal(settings is null ? null : text, settings?.ToString());
        }

        // Some mutations are still valid: without them the reader would be tested on its first check only.
        Assert.InRange(accepted, 20, 10_000);
    }

    [Fact]
    public void Parse_Refusal_HoldsNoPartOfTheText()
    {
        var exception = Assert.Throws<NotSupportedException>(() => Argon2Settings.Parse("$argon2i$v=19$m=19456,t=2,p=1" + End));

        Assert.Equal("The settings are not those of Argon2id in their canonical form, or above the caps.", exception.Message);
    }

    [Fact]
    public void Create_Twice_TakesNewSaltsOf128Bits()
    {
        var cost = new Argon2Cost(64, 1, 1);

        var (first, second) = (Argon2Settings.Create(cost), Argon2Settings.Create(cost));

        Assert.Equal((16, 16), (first.Salt.Length, second.Salt.Length));
        Assert.NotEqual(first.Salt, second.Salt);
        Assert.Same(cost, first.Cost);
    }

    private static string Zeros(int bytes) => Convert.ToBase64String(new byte[bytes]).TrimEnd('=');
}
