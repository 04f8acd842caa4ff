using Callroute.Mfa.Argon2;
using Callroute.Mfa.Core.Tests;
using Callroute.Mfa.Core.Tests.Fuzz;

namespace Callroute.Mfa.Hashing.Tests.Argon2;

public class Argon2SettingsTests
{
    private const string Salt = "AAECAwQFBgcICQoLDA0ODw";
    private const string End = "$" + Salt;
    private const string Text = "$argon2id$v=19$m=19456,t=2,p=1" + End;

    private static readonly string[] RefusedParameters =
    [
        // Order, a missing one, one twice, others, no value, a comma at the end.
        "t=2,m=19456,p=1", "m=19456,p=1,t=2", "m=19456,t=2", "m=19456,m=19456,t=2,p=1", "m=19456,t=2,p=1,keyid=AAAA",
        "m=19456,t=2,p=1,data=AAAA", "m=,t=2,p=1", "m=19456,t=2,p=1,",

        // Other spellings of a number or a name; the last digit is full-width.
        "m=019456,t=2,p=1", "m=19456,t=02,p=1", "m=19456,t=2,p=01", "m=+19456,t=2,p=1", "m=-19456,t=2,p=1", "m=19456.0,t=2,p=1",
        "m=19,456,t=2,p=1", "m=0x4C00,t=2,p=1", "m=19456\0,t=2,p=1", "m=19456,t=2,p=1\0", "m=19456, t=2,p=1", "M=19456,t=2,p=1",
        "m=19456,t=\uFF12,p=1",

        // Outside the caps; the last one would overflow 8 KiB a lane.
        "m=65537,t=2,p=1", "m=4294967295,t=2,p=1", "m=18446744073709571072,t=2,p=1", "m=31,t=2,p=4", "m=19456,t=11,p=1",
        "m=19456,t=0,p=1", "m=19456,t=2,p=5", "m=19456,t=2,p=0", "m=19456,t=2,p=2147483647",
    ];

    // Empty, padded, with a space, with bits that no byte takes, of an impossible length, URL-safe, of 7 and of 49 bytes.
    private static readonly string[] RefusedSalts =
        ["", Salt + "==", "AAEC AwQFBgcICQoLDA0ODw", Salt[..^1] + "x", Salt + "AAA", "__ECAwQFBgcICQoLDA0ODw", "AAECAwQFBg", Zeros(49)];

    private static readonly string?[] RefusedTexts =
    [
        null, "", "$argon2id$m=19456,t=2,p=1$v=19" + End, "$argon2id$v=19" + End, "$argon2i$v=19$m=19456,t=2,p=1" + End,
        "$argon2d$v=19$m=19456,t=2,p=1" + End, "$ARGON2ID$v=19$m=19456,t=2,p=1" + End, "$argon2id$v=16$m=19456,t=2,p=1" + End,
        "$argon2id$v=019$m=19456,t=2,p=1" + End, "$argon2id$m=19456,t=2,p=1" + End, Text[1..], "$argon2id$v=19$m=19456,t=2,p=1",
        Text + "$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", Text + "$AAAA", Text + "$", " " + Text, Text + " ", Text + "\n", Text + "\0",
        Text + new string('A', 129 - Text.Length), Text + new string('A', 1 << 20), new string('$', 128),
        "$argon2id$v=19$" + new string(',', 100) + "$$",
    ];

    public static TheoryData<string?> Refused =>
    [
        .. RefusedParameters.Select(parameters => $"$argon2id$v=19${parameters}{End}"),
        .. RefusedSalts.Select(salt => $"$argon2id$v=19$m=19456,t=2,p=1${salt}"),
        .. RefusedTexts,
    ];

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
        using var scope = new CultureScope(culture);

        Assert.Equal(Text, Argon2Settings.Parse(Text).ToString());
    }

    // The caps are checked before memory is allocated for the hash.
    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void TryParse_NotCanonicalOrAboveTheCaps_IsRefusedForAtMostFourKibibytes(string? text) =>
        Assert.InRange(Allocated.By(() => Assert.Null(Argon2Settings.TryParse(text))), 0, 4096);

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

        // Some mutations are still valid. Without them, only the first check of the reader would be tested.
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
