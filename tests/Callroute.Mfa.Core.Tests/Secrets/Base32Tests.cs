using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Core.Tests.Secrets;

public class Base32Tests
{
    [Theory]
    [InlineData("A", Base32Error.InvalidLength, 0)]
    [InlineData("AAA", Base32Error.InvalidLength, 2)]
    [InlineData("AAAAAA", Base32Error.InvalidLength, 5)]
    [InlineData("MZXW6YTBA", Base32Error.InvalidLength, 8)]
    [InlineData("MZXW6YTBAAA", Base32Error.InvalidLength, 10)]
    [InlineData("MZXW6YTBAAAAAA", Base32Error.InvalidLength, 13)]
    [InlineData("A=======", Base32Error.InvalidLength, 0)]
    [InlineData("MZ", Base32Error.NonZeroTrailingBits, 1)]
    [InlineData("MZXR", Base32Error.NonZeroTrailingBits, 3)]
    [InlineData("MZXW7", Base32Error.NonZeroTrailingBits, 4)]
    [InlineData("MZXW6YR", Base32Error.NonZeroTrailingBits, 6)]
    [InlineData("MZXW6YTBMZ======", Base32Error.NonZeroTrailingBits, 9)]
    [InlineData("MY=", Base32Error.InvalidPadding, 2)]
    [InlineData("MY=====", Base32Error.InvalidPadding, 2)]
    [InlineData("MY=======", Base32Error.InvalidPadding, 2)]
    [InlineData("MZXW6==", Base32Error.InvalidPadding, 5)]
    [InlineData("MZXW6YTB=", Base32Error.InvalidPadding, 8)]
    [InlineData("MZXW6YTB========", Base32Error.InvalidPadding, 8)]
    [InlineData("=", Base32Error.InvalidPadding, 0)]
    [InlineData("========", Base32Error.InvalidPadding, 0)]
    [InlineData("MY======MY", Base32Error.InvalidPadding, 2)]
    [InlineData("MZ=W6YTB", Base32Error.InvalidPadding, 2)]
    [InlineData("=MZXW6YT", Base32Error.InvalidPadding, 0)]
    [InlineData("mzxw6ytb", Base32Error.InvalidCharacter, 0)]
    [InlineData("MZXw6YTB", Base32Error.InvalidCharacter, 3)]
    [InlineData("MZXW6YT0", Base32Error.InvalidCharacter, 7)]
    [InlineData("MZXW6YT1", Base32Error.InvalidCharacter, 7)]
    [InlineData("8ZXW6YTB", Base32Error.InvalidCharacter, 0)]
    [InlineData("MZXW 6YTB", Base32Error.InvalidCharacter, 4)]
    [InlineData("MZXW-6YTB", Base32Error.InvalidCharacter, 4)]
    [InlineData("MZXW6YTB\n", Base32Error.InvalidCharacter, 8)]
    [InlineData("MZXW6YTB\0", Base32Error.InvalidCharacter, 8)]
    [InlineData("MZXW6YT\u0412", Base32Error.InvalidCharacter, 7)]
    [InlineData("\uFF2DZXW6YTB", Base32Error.InvalidCharacter, 0)]
    [InlineData("MZXW6YT\u0131", Base32Error.InvalidCharacter, 7)]
    public void TryDecode_StrictAndInvalid_TellsErrorAndPosition(string text, Base32Error expected, int expectedPosition)
    {
        var decoded = Base32.TryDecode(text, Base32Format.Strict, out var data, out var error, out var position);

        Assert.False(decoded);
        Assert.Null(data);
        Assert.Equal((expected, expectedPosition), (error, position));
    }

    [Theory]
    [InlineData("MZXW6YTBOI")]
    [InlineData("MZXW6YTBOI======")]
    [InlineData("mzxw6ytboi")]
    [InlineData("MzXw 6YtB oI")]
    [InlineData("mzxw-6ytb-oi==")]
    [InlineData("  MZXW\t6YTB\r\nOI = = =")]
    [InlineData("MZXW6YTBOI=")]
    [InlineData("MZXW6YTBOI==========")]
    public void TryDecode_Pasted_IgnoresCaseSeparatorsAndPaddingAtTheEnd(string text)
    {
        var decoded = Base32.TryDecode(text, Base32Format.Pasted, out var data, out var error, out var position);

        Assert.True(decoded);
        Assert.Equal("foobar"u8.ToArray(), data);
        Assert.Equal((Base32Error.None, 0), (error, position));
    }

    [Theory]
    [InlineData("mzxw 6yt", Base32Error.NonZeroTrailingBits, 7)]
    [InlineData("mz xw 6y ", Base32Error.InvalidLength, 7)]
    [InlineData("my=my", Base32Error.InvalidPadding, 2)]
    [InlineData("mzxw 6yt0", Base32Error.InvalidCharacter, 8)]
    [InlineData("mzxw_6ytb", Base32Error.InvalidCharacter, 4)]
    [InlineData("mzxw\u00A06ytb", Base32Error.InvalidCharacter, 4)]
    [InlineData("MZXW6YT\u0130", Base32Error.InvalidCharacter, 7)]
    public void TryDecode_PastedAndInvalid_TellsPositionInTheTextAsGiven(string text, Base32Error expected, int expectedPosition)
    {
        Base32.TryDecode(text, Base32Format.Pasted, out var data, out var error, out var position);

        Assert.Null(data);
        Assert.Equal((expected, expectedPosition), (error, position));
    }

    [Theory]
    [InlineData("", Base32Format.Strict)]
    [InlineData("", Base32Format.Pasted)]
    [InlineData(" - \t\r\n==", Base32Format.Pasted)]
    public void TryDecode_Nothing_GivesNoBytes(string text, Base32Format format)
    {
        var decoded = Base32.TryDecode(text, format, out var data, out _, out _);

        Assert.True(decoded);
        Assert.Empty(data!);
    }

    [Theory]
    [InlineData(1024, Base32Error.None, 0)]
    [InlineData(1025, Base32Error.TooLong, 1024)]
    [InlineData(1 << 20, Base32Error.TooLong, 1024)]
    public void TryDecode_Length_EndsAt1024(int length, Base32Error expected, int expectedPosition)
    {
        Base32.TryDecode(new string('A', length), Base32Format.Strict, out _, out var error, out var position);

        Assert.Equal((expected, expectedPosition), (error, position));
    }

    [Fact]
    public void TryDecode_Refusal_AllocatesNothing()
    {
        var text = new string('A', 1023) + "!";

        Assert.Equal(0, Allocated.By(() => Base32.TryDecode(text, Base32Format.Strict, out _, out _, out _)));
    }

    [Fact]
    public void Decode_Invalid_TellsErrorAndPositionButNotTheText()
    {
        var exception = Assert.Throws<FormatException>(() => Base32.Decode("MZXW6YT0"));

        Assert.Equal("Not Base32: InvalidCharacter at position 7.", exception.Message);
    }

    [Fact]
    public void TryDecode_UndefinedFormat_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("format", () => Base32.TryDecode("MY", (Base32Format)2, out _, out _, out _));
    }

    // Every last character has one spelling: the others differ in bits that no byte takes.
    [Theory]
    [InlineData("", 8)]
    [InlineData("AA", 2)]
    [InlineData("AAA", 16)]
    [InlineData("AAAAA", 4)]
    public void TryDecode_EveryLastCharacter_AcceptsOnlyThoseWithoutSpareBits(string start, int accepted)
    {
        var texts = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".Select(last => $"{start}A{last}");

        Assert.Equal(accepted, texts.Count(text => Base32.TryDecode(text, Base32Format.Strict, out _, out _, out _)));
    }
}
