using System.Globalization;
using System.Text;

namespace Callroute.Mfa.Core.Tests.Primitives;

public class TypedTextTests
{
    private static readonly Rune[] All = [.. Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(value => new Rune(value))];

    private static readonly ILookup<char?, Rune> ReadAs = All.ToLookup(rune => TypedText.ReadNext(rune.ToString(), out _));

    [Fact]
    public void ReadNext_DecimalDigitOfAnyScript_IsThatDigitAndNothingElseIs() => Assert.All("0123456789", digit => Assert.Equal(
        All.Where(rune =>
            Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber && Rune.GetNumericValue(rune) == digit - '0'),
        ReadAs[digit]));

    [Fact]
    public void ReadNext_Letter_IsItselfAndItsFullWidthFormOnly() => Assert.All(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        letter => Assert.Equal([letter, letter + 0xFEE0], ReadAs[letter].Select(rune => rune.Value)));

    [Fact]
    public void ReadNext_Separator_DoesNotCount()
    {
        var separators = ReadAs[null].Where(rune => Rune.GetUnicodeCategory(rune) is not UnicodeCategory.Format);

        Assert.Equal("\t\n\v\f\r -\u0085\u00A0", string.Concat(separators.TakeWhile(rune => rune.Value < 0x300)));
        Assert.Superset(
            "\u2010\u2011\u2013\u2007\u2028\u202F\u3000\uFF0D\uFE0F\u3164".EnumerateRunes().ToHashSet(), separators.ToHashSet());
        Assert.DoesNotContain(ReadAs[null], rune => rune.Value is '\0' or '\u0301' or '\u2212');
    }

    [Theory]
    [InlineData("\u200B\uFEFF\u2060\u00AD\u200D\u202E")]
    [InlineData("\U000E0041")]
    public void Fold_OnlyInvisible_IsEmpty(string text) => Assert.Equal(0, TypedText.Fold(text, []));
}
