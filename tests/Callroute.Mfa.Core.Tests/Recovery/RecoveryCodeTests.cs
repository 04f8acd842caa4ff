using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Callroute.Mfa.Recovery;
using FsCheck.Xunit;

namespace Callroute.Mfa.Core.Tests.Recovery;

public class RecoveryCodeTests
{
    private const string Canonical = "0123456789ABCDEFGHJKMNPQ";

    public static TheoryData<string, string?> Refused => new()
    {
        { "null", null },
        { "empty", "" },
        { "23 characters", Canonical[1..] },
        { "25 characters", Canonical + "0" },
        { "U", "U" + Canonical[1..] },
        { "u", "u" + Canonical[1..] },
        { "full-width digit", "\uFF10" + Canonical[1..] },
        { "full-width letter", Canonical[..23] + "\uFF31" },
        { "Arabic-Indic digit", "\u0660" + Canonical[1..] },
        { "NUL at the end", Canonical + "\0" },
        { "NUL inside", Canonical[..23] + "\0" },
        { "line feed", Canonical + "\n" },
        { "tab", "0123\t" + Canonical[4..] },
        { "no-break space", "0123\u00A0" + Canonical[4..] },
        { "underscore", "0123_" + Canonical[4..] },
        { "dotless i", "0\u0131" + Canonical[2..] },
        { "dotted capital I", "0\u0130" + Canonical[2..] },
        { "Cyrillic A", Canonical.Replace('A', '\u0410') },
        { "Kelvin sign", Canonical.Replace('K', '\u212A') },
        { "lone surrogate", Canonical[..23] + "\uD83D" },
        { "check symbol", Canonical[..23] + "*" },
        { "65 characters", Canonical + new string(' ', 41) },
        { "a megabyte", new string('0', 1 << 20) },
    };

    // Bar B-24: 24 characters out of 32, none of them easily confused.
    [Fact]
    public void Alphabet_IsCrockfordsAndGives120Bits()
    {
        Assert.Equal("0123456789ABCDEFGHJKMNPQRSTVWXYZ", RecoveryCode.Alphabet);
        Assert.Equal(32, RecoveryCode.Alphabet.Distinct().Count());
        Assert.Equal(120, RecoveryCode.Length * int.Log2(RecoveryCode.Alphabet.Length));
    }

    [Fact]
    public void Generate_ManyTimes_IsUniqueAndUsesTheWholeAlphabet()
    {
        var codes = Enumerable.Range(0, 100_000).Select(_ => Encoding.ASCII.GetString(RecoveryCode.Generate().ToCanonicalBytes())).ToList();

        Assert.Equal(codes.Count, codes.Distinct().Count());
        Assert.All(codes.Take(1000), code => Assert.Equal(RecoveryCode.Length, code.Length));
        Assert.Equal(RecoveryCode.Alphabet, string.Concat(codes.SelectMany(code => code).Distinct().Order()));
    }

    // A biased generator would be far out: each of 32 characters is expected 75,000 times, with a deviation of 270.
    [Fact]
    public void Generate_ManyTimes_IsUniform()
    {
        var counts = Enumerable.Range(0, 100_000)
            .SelectMany(_ => RecoveryCode.Generate().ToCanonicalBytes())
            .CountBy(character => character);

        Assert.All(counts, count => Assert.InRange(count.Value, 75_000 - 2_700, 75_000 + 2_700));
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
    [InlineData("                  0123-4567-89AB-CDEF-GHJK-MNPQ                 ")]
    public void TryParse_AsPeopleTypeIt_GivesTheCanonicalCode(string text)
    {
        Assert.True(RecoveryCode.TryParse(text, out var code));
        Assert.Equal(Canonical, Encoding.ASCII.GetString(code.ToCanonicalBytes()));
    }

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void TryParse_OtherForm_IsRefusedWithoutAllocation(string what, string? text)
    {
        RecoveryCode? code = null;

        var bytes = Allocated.By(() => _ = RecoveryCode.TryParse(text, out code));

        Assert.True(code is null, what);
        Assert.Equal(0, bytes);
    }

    [Fact]
    public void ToStringAndJson_Code_TellTheLengthOnly()
    {
        var code = RecoveryCode.Generate();

        Assert.Equal("RecoveryCode (24 characters)", code.ToString());
        Assert.Equal("{}", JsonSerializer.Serialize(code));
        Assert.Equal("{ToString(),nq}", typeof(RecoveryCode).GetCustomAttribute<DebuggerDisplayAttribute>()!.Value);
    }

    [Fact]
    public void Equals_SameContent_IsNotEqual()
    {
        _ = RecoveryCode.TryParse(Canonical, out var one);
        _ = RecoveryCode.TryParse(Canonical, out var other);

        Assert.False(one!.Equals(other));
    }

    [Property(MaxTest = 2000)]
    public void TryParse_CanonicalForm_IsItsOwnCanonicalForm(byte[] symbols, int[] separators)
    {
        const string Typed = "0123456789ABCDEFGHJKMNPQRSTVWXYZabcdefghjkmnpqrstvwxyzOoIiLl";
        var code = string.Concat(Enumerable.Range(0, 24).Select(i => Typed[(symbols.ElementAtOrDefault(i) + i) % Typed.Length]));
        var spread = separators.Take(40).Aggregate(code, (text, random) => text.Insert((random & 0xFFFF) % (text.Length + 1), random % 2 == 0 ? " " : "-"));

        Assert.True(RecoveryCode.TryParse(spread, out var once));
        var canonical = Encoding.ASCII.GetString(once.ToCanonicalBytes());
        Assert.True(RecoveryCode.TryParse(canonical, out var again));

        Assert.Equal(canonical, Encoding.ASCII.GetString(again.ToCanonicalBytes()));
        Assert.True(canonical.All(RecoveryCode.Alphabet.Contains));
    }
}
