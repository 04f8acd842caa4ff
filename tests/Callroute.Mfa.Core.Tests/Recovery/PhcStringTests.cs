using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Core.Tests.Recovery;

public class PhcStringTests
{
    private const string Salt = "AAECAwQFBgcICQoLDA0ODw";
    private const string Tag = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    private const string End = "$" + Salt + "$" + Tag;
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
        { "no tag", "$argon2id$v=19$m=19456,t=2,p=1$" + Salt },
        { "empty tag", "$argon2id$v=19$m=19456,t=2,p=1$" + Salt + "$" },
        { "empty salt", "$argon2id$v=19$m=19456,t=2,p=1$$" + Tag },
        { "extra part", Text + "$AAAA" },
        { "dollar at the end", Text + "$" },
        { "space before", " " + Text },
        { "space after", Text + " " },
        { "line feed after", Text + "\n" },
        { "NUL after", Text + "\0" },
        { "padded salt", "$argon2id$v=19$m=19456,t=2,p=1$" + Salt + "==$" + Tag },
        { "padded tag", Text + "=" },
        { "space in salt", "$argon2id$v=19$m=19456,t=2,p=1$AAEC AwQFBgcICQoLDA0ODw$" + Tag },
        { "trailing bits in salt", "$argon2id$v=19$m=19456,t=2,p=1$" + Salt[..^1] + "x$" + Tag },
        { "trailing bits in tag", Text[..^1] + "9" },
        { "impossible length of salt", "$argon2id$v=19$m=19456,t=2,p=1$" + Salt + "AAA$" + Tag },
        { "URL-safe Base64", "$argon2id$v=19$m=19456,t=2,p=1$__ECAwQFBgcICQoLDA0ODw$" + Tag },
        { "m above the ceiling", "$argon2id$v=19$m=65537,t=2,p=1" + End },
        { "m far above the ceiling", "$argon2id$v=19$m=4294967295,t=2,p=1" + End },
        { "m beyond 64 bits", "$argon2id$v=19$m=18446744073709571072,t=2,p=1" + End },
        { "m below 8 a lane", "$argon2id$v=19$m=31,t=2,p=4" + End },
        { "t above the ceiling", "$argon2id$v=19$m=19456,t=11,p=1" + End },
        { "t of 0", "$argon2id$v=19$m=19456,t=0,p=1" + End },
        { "p above the ceiling", "$argon2id$v=19$m=19456,t=2,p=5" + End },
        { "p of 0", "$argon2id$v=19$m=19456,t=2,p=0" + End },
        { "p that overflows 8 lanes", "$argon2id$v=19$m=19456,t=2,p=2147483647" + End },
        { "salt of 7 bytes", "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBg$" + Tag },
        { "salt of 49 bytes", "$argon2id$v=19$m=19456,t=2,p=1$" + Zeros(49) + "$" + Tag },
        { "tag of 15 bytes", "$argon2id$v=19$m=19456,t=2,p=1$" + Salt + "$" + Zeros(15) },
        { "tag of 65 bytes", "$argon2id$v=19$m=19456,t=2,p=1$" + Salt + "$" + Zeros(65) },
        { "257 characters", Text + new string('A', 257 - Text.Length) },
        { "a megabyte", Text + new string('A', 1 << 20) },
        { "only dollars", new string('$', 256) },
        { "many commas", "$argon2id$v=19$" + new string(',', 200) + "$$" },
    };

    [Fact]
    public void Parse_Canonical_GivesItsPartsAndFormatsBack()
    {
        var phc = PhcString.Parse(Text);

        Assert.Equal(new Argon2Parameters(19_456, 2, 1), phc.Parameters);
        Assert.Equal(Enumerable.Range(0, 16).Select(i => (byte)i), phc.Salt.ToArray());
        Assert.Equal(Enumerable.Range(0, 32).Select(i => (byte)i), phc.Tag.ToArray());
        Assert.Equal(Text, phc.ToString());
    }

    [Theory]
    [InlineData("m=8,t=1,p=1", 8, 16)]
    [InlineData("m=65536,t=10,p=4", 48, 64)]
    [InlineData("m=32,t=3,p=4", 16, 32)]
    public void Parse_AtTheBounds_IsTaken(string parameters, int saltSize, int tagSize)
    {
        var text = $"$argon2id$v=19${parameters}${Zeros(saltSize)}${Zeros(tagSize)}";

        Assert.Equal(text, PhcString.Parse(text).ToString());
    }

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void TryParse_NotCanonicalOrAboveCeiling_IsRefused(string what, string? text)
    {
        Assert.False(PhcString.TryParse(text, out var value), what);
        Assert.Null(value);
    }

    // Bar B-40: ceilings hold before anything is allocated for the value.
    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void TryParse_Refusal_AllocatesAtMostFourKibibytes(string what, string? text)
    {
        var bytes = Allocated.By(() => _ = PhcString.TryParse(text, out _));

        Assert.True(bytes <= 4096, $"{what}: {bytes} bytes");
    }

    [Fact]
    public void Parse_Refusal_HoldsNoPartOfTheText()
    {
        var exception = Assert.Throws<FormatException>(() => PhcString.Parse("$argon2i$v=19$m=19456,t=2,p=1" + End));

        Assert.Equal("Not a canonical Argon2id PHC string within the ceilings.", exception.Message);
    }

    [Theory]
    [InlineData(7, 32, "salt", "8–48 bytes")]
    [InlineData(49, 32, "salt", "8–48 bytes")]
    [InlineData(16, 15, "tag", "16–64 bytes")]
    [InlineData(16, 65, "tag", "16–64 bytes")]
    public void Constructor_SizeOutOfRange_NamesParameterAndRange(int saltSize, int tagSize, string name, string range)
    {
        var exception = Assert.Throws<ArgumentException>(name, () => new PhcString(Argon2Parameters.Default, new byte[saltSize], new byte[tagSize]));

        Assert.Contains(range, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_CallersArrays_AreCopied()
    {
        var (salt, tag) = (new byte[16], new byte[32]);
        var phc = new PhcString(Argon2Parameters.Default, salt, tag);

        (salt[0], tag[0]) = (1, 1);

        Assert.Equal(new byte[16], phc.Salt.ToArray());
        Assert.Equal(new byte[32], phc.Tag.ToArray());
    }

    [Fact]
    public void Matches_Tag_ComparesAllOfIt()
    {
        var tag = new byte[32];
        var phc = new PhcString(Argon2Parameters.Default, new byte[16], tag);

        Assert.True(phc.Matches(tag));
        Assert.False(phc.Matches(tag.AsSpan(1)));
        Assert.False(phc.Matches([]));
        tag[31] = 1;
        Assert.False(phc.Matches(tag));
    }

    private static string Zeros(int bytes) => Convert.ToBase64String(new byte[bytes]).TrimEnd('=');
}
