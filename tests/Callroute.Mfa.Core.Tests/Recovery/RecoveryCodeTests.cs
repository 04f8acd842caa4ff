using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Core.Tests.Recovery;

public class RecoveryCodeTests
{
    private const string Canonical = "0123456789ABCDEFGHJKMNPQ";

    public static TheoryData<string?> Refused =>
    [
        // Nothing, one character too few or too many, and texts that are too long to read.
        (string?)null, "", Canonical[1..], Canonical + "0", Canonical + new string(' ', 41), new string('0', 1 << 20),

        // Characters that are not in the alphabet, and characters that look like those of the alphabet: Cyrillic A, Kelvin sign, dotless
        // and dotted i.
        "U" + Canonical[1..], "u" + Canonical[1..], "\uFF35" + Canonical[1..], Canonical[..23] + "*", "0123_" + Canonical[4..],
        Canonical.Replace('A', '\u0410'), Canonical.Replace('K', '\u212A'),
        "0\u0131" + Canonical[2..], "0\u0130" + Canonical[2..],

        // NUL, half of a surrogate pair.
        Canonical + "\0", Canonical[..23] + "\0", Canonical[..23] + "\uD83D",
    ];

    // 24 characters out of 32, none of them easily confused.
    [Fact]
    public void Alphabet_IsCrockfordsAndGives120Bits()
    {
        Assert.Equal("0123456789ABCDEFGHJKMNPQRSTVWXYZ", RecoveryCode.Alphabet);
        Assert.Equal(32, RecoveryCode.Alphabet.Distinct().Count());
        Assert.Equal(120, RecoveryCode.Length * int.Log2(RecoveryCode.Alphabet.Length));
    }

    // A biased generator would deviate more: each of 32 characters is expected 75,000 times, with a deviation of 270.
    [Fact]
    public void Generate_ManyTimes_IsUniqueAndUsesTheWholeAlphabetEvenly()
    {
        var codes = Enumerable.Range(0, 100_000).Select(_ => Encoding.ASCII.GetString(RecoveryCode.Generate().ToCanonicalBytes())).ToList();

        var counts = codes.SelectMany(code => code).CountBy(character => character).ToDictionary();

        Assert.Equal(codes.Count, codes.Distinct().Count());
        Assert.All(codes, code => Assert.Equal(RecoveryCode.Length, code.Length));
        Assert.Equal(RecoveryCode.Alphabet, string.Concat(counts.Keys.Order()));
        Assert.All(counts.Values, count => Assert.InRange(count, 75_000 - 2_700, 75_000 + 2_700));
    }

    [Fact]
    public void Reveal_Code_IsInGroupsOfFourThatReadBack()
    {
        var code = RecoveryCode.Generate();

        var shown = code.Reveal();

        Assert.Matches("^([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$", shown);
        Assert.True(RecoveryCode.TryParse(shown, out var read));
        Assert.Equal(code.ToCanonicalBytes(), read.ToCanonicalBytes());
    }

    [Theory]
    [InlineData("0123456789ABCDEFGHJKMNPQ")]
    [InlineData("0123-4567-89AB-CDEF-GHJK-MNPQ")]
    [InlineData("0123 4567 89ab cdef ghjk mnpq")]
    [InlineData("oi23456789abcdefghjkmnpq")]
    [InlineData("OL23456789ABCDEFGHJKMNPQ")]
    [InlineData("Ol-23456789ABCDEFGHJKMNPQ--")]
    [InlineData("\t0123\u00A04567\u201389AB\u2011CDEF\u200BGHJK\u3000MNPQ\r\n")]
    [InlineData("\uFF2F\uFF4C23456789ABCDEFGHJKMNP\uFF31")]
    [InlineData("\u0660\u0967\U0001D7D03456789ABCDEFGHJKMNPQ")]
    [InlineData("                  0123-4567-89AB-CDEF-GHJK-MNPQ                 ")]
    public void TryParse_AsPeopleTypeIt_GivesTheCanonicalCode(string text)
    {
        Assert.True(RecoveryCode.TryParse(text, out var code));
        Assert.Equal(Canonical, Encoding.ASCII.GetString(code.ToCanonicalBytes()));
    }

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void TryParse_OtherForm_IsRefusedWithoutAllocation(string? text)
    {
        RecoveryCode? code = null;

        var bytes = Allocated.By(() => _ = RecoveryCode.TryParse(text, out code));

        Assert.Null(code);
        Assert.Equal(0, bytes);
    }

    // A change of the mapping would make every imported code useless.
    [Theory]
    [InlineData("BCDFG-HJKMN", "08NV9YD8RWZMQZG9E8M3RT10")]
    [InlineData("bcdfg hjkmn", "08NV9YD8RWZMQZG9E8M3RT10")]
    [InlineData("0123456789ABCDEFGHJKMNPQ", Canonical)]
    [InlineData("oi23456789abcdefghjkmnpq", Canonical)]
    public void TryParseAny_CodeOfAnotherSystem_IsMappedOneWay(string text, string expected)
    {
        Assert.True(RecoveryCode.TryParseAny(text, out var code));
        Assert.Equal(expected, Encoding.ASCII.GetString(code.ToCanonicalBytes()));
    }

    [Fact]
    public void ToStringAndJson_Code_TellTheLengthOnly()
    {
        var code = RecoveryCode.Generate();

        Assert.Equal("RecoveryCode (24 characters)", code.ToString());
        Assert.Equal("{}", JsonSerializer.Serialize(code));
        Assert.Equal("{ToString(),nq}", typeof(RecoveryCode).GetCustomAttribute<DebuggerDisplayAttribute>()!.Value);
    }
}
