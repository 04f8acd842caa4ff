using Callroute.Mfa.Otp;
using FsCheck.Xunit;
using OtpNet;

namespace Callroute.Mfa.Core.Tests.Primitives;

public class Base32Tests
{
    [Theory]
    [InlineData("A", Base32.InvalidLength, 0)]
    [InlineData("AAA", Base32.InvalidLength, 2)]
    [InlineData("AAAAAA", Base32.InvalidLength, 5)]
    [InlineData("MZXW6YTBA", Base32.InvalidLength, 8)]
    [InlineData("MZXW6YTBAAA", Base32.InvalidLength, 10)]
    [InlineData("MZXW6YTBAAAAAA", Base32.InvalidLength, 13)]
    [InlineData("A=======", Base32.InvalidLength, 0)]
    [InlineData("MZ", Base32.NonZeroTrailingBits, 1)]
    [InlineData("MZXR", Base32.NonZeroTrailingBits, 3)]
    [InlineData("MZXW7", Base32.NonZeroTrailingBits, 4)]
    [InlineData("MZXW6YR", Base32.NonZeroTrailingBits, 6)]
    [InlineData("MZXW6YTBMZ======", Base32.NonZeroTrailingBits, 9)]
    [InlineData("MY=", Base32.InvalidPadding, 2)]
    [InlineData("MY=====", Base32.InvalidPadding, 2)]
    [InlineData("MY=======", Base32.InvalidPadding, 2)]
    [InlineData("MZXW6==", Base32.InvalidPadding, 5)]
    [InlineData("MZXW6YTB=", Base32.InvalidPadding, 8)]
    [InlineData("MZXW6YTB========", Base32.InvalidPadding, 8)]
    [InlineData("=", Base32.InvalidPadding, 0)]
    [InlineData("========", Base32.InvalidPadding, 0)]
    [InlineData("MY======MY", Base32.InvalidPadding, 2)]
    [InlineData("MZ=W6YTB", Base32.InvalidPadding, 2)]
    [InlineData("=MZXW6YT", Base32.InvalidPadding, 0)]
    [InlineData("mzxw6ytb", Base32.InvalidCharacter, 0)]
    [InlineData("MZXw6YTB", Base32.InvalidCharacter, 3)]
    [InlineData("MZXW6YT0", Base32.InvalidCharacter, 7)]
    [InlineData("MZXW6YT1", Base32.InvalidCharacter, 7)]
    [InlineData("8ZXW6YTB", Base32.InvalidCharacter, 0)]
    [InlineData("MZXW 6YTB", Base32.InvalidCharacter, 4)]
    [InlineData("MZXW-6YTB", Base32.InvalidCharacter, 4)]
    [InlineData("MZXW6YTB\n", Base32.InvalidCharacter, 8)]
    [InlineData("MZXW6YTB\0", Base32.InvalidCharacter, 8)]
    [InlineData("MZXW6YT\u0412", Base32.InvalidCharacter, 7)]
    [InlineData("\uFF2DZXW6YTB", Base32.InvalidCharacter, 0)]
    [InlineData("MZXW6YT\u0131", Base32.InvalidCharacter, 7)]
    public void TryDecode_StrictAndInvalid_TellsErrorAndIndex(string text, string expected, int expectedIndex)
    {
        var decoded = Base32.TryDecode(text, lenient: false, out var data, out var error, out var index);

        Assert.False(decoded);
        Assert.Null(data);
        Assert.Equal((expected, expectedIndex), (error, index));
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
    [InlineData("\u200Bmzxw\u00A06ytb\u2013oi\n")]
    [InlineData("\uFF2D\uFF3AXW\uFF16YTBOI=\u00A0=")]
    [InlineData("MZXW\u0666YTBOJ")]
    [InlineData("MZXW6YTBOIA")]
    public void TryDecode_Lenient_IgnoresCaseSeparatorsPaddingAndStrayBits(string text)
    {
        var decoded = Base32.TryDecode(text, lenient: true, out var data, out var error, out var index);

        Assert.True(decoded);
        Assert.Equal("foobar"u8.ToArray(), data);
        Assert.Equal((null, 0), (error, index));
    }

    [Theory]
    [InlineData("my=my", Base32.InvalidPadding, 2)]
    [InlineData("mzxw 6yt0", Base32.InvalidCharacter, 8)]
    [InlineData("mzxw_6ytb", Base32.InvalidCharacter, 4)]
    [InlineData("my= =my", Base32.InvalidPadding, 2)]
    [InlineData("\U0001D7D6zxw", Base32.InvalidCharacter, 0)]
    [InlineData("\U0001D7D0\uD83D", Base32.InvalidCharacter, 2)]
    [InlineData("MZXW6YT\u0130", Base32.InvalidCharacter, 7)]
    public void TryDecode_LenientAndInvalid_TellsIndexInTheTextAsGiven(string text, string expected, int expectedIndex)
    {
        Base32.TryDecode(text, lenient: true, out var data, out var error, out var index);

        Assert.Null(data);
        Assert.Equal((expected, expectedIndex), (error, index));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("", true)]
    [InlineData(" - \t\r\n==", true)]
    [InlineData("A", true)]
    public void TryDecode_Nothing_GivesNoBytes(string text, bool lenient)
    {
        var decoded = Base32.TryDecode(text, lenient, out var data);

        Assert.True(decoded);
        Assert.Empty(data!);
    }

    [Theory]
    [InlineData(1024, null, 0)]
    [InlineData(1025, Base32.TooLong, 1024)]
    [InlineData(1 << 20, Base32.TooLong, 1024)]
    public void TryDecode_Length_EndsAt1024(int length, string? expected, int expectedIndex)
    {
        Base32.TryDecode(new string('A', length), lenient: false, out _, out var error, out var index);

        Assert.Equal((expected, expectedIndex), (error, index));
    }

    [Fact]
    public void TryDecode_Refusal_AllocatesNothing()
    {
        var text = new string('A', 1023) + "!";

        Assert.Equal(0, Allocated.By(() => Base32.TryDecode(text, lenient: false, out _)));
    }

    // The last character has only one valid spelling. The others differ in bits that belong to no byte.
    [Theory]
    [InlineData("", 8)]
    [InlineData("AA", 2)]
    [InlineData("AAA", 16)]
    [InlineData("AAAAA", 4)]
    public void TryDecode_EveryLastCharacter_AcceptsOnlyThoseWithoutSpareBits(string start, int accepted)
    {
        var texts = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".Select(last => $"{start}A{last}");

        Assert.Equal(accepted, texts.Count(text => Base32.TryDecode(text, lenient: false, out _)));
    }

    [Fact]
    public void Decode_LenientTextThatOtpNetAccepts_GivesTheSameBytes()
    {
        const string Valid = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567abcdefghijklmnopqrstuvwxyz";
        const string Odd = "0189=-_ \t\n\0\u00A0\u0130\u0661\uFF21\uD83D";
        var (random, accepted) = (new Random(4648), 0);
        for (var i = 0; i < 100_000; i++)
        {
            var text = new string(random.GetItems<char>(Valid, random.Next(1, 60))) + new string('=', random.Next(8));
            text = i % 2 == 0 ? text : text.Insert(random.Next(text.Length), random.GetItems<char>(Odd, 1)[0].ToString());
            if (DecodeWithOtpNet(text) is { } expected)
            {
                accepted++;
                Assert.Equal(expected, Base32.Decode(text, lenient: true));
            }
        }

        Assert.InRange(accepted, 50_000, 99_000);
    }

    [Property(MaxTest = 1000)]
    public void Decode_Encoded_GivesTheBytes(byte[] data)
    {
        var text = Base32.Encode(data);

        Assert.Equal(data, Base32.Decode(text));
        Assert.Equal(data, Base32.Decode(text.PadRight((text.Length + 7) / 8 * 8, '=')));
        Assert.Equal((data.Length * 8 + 4) / 5, text.Length);
    }

    private static byte[]? DecodeWithOtpNet(string text)
    {
        try
        {
            return Base32Encoding.ToBytes(text);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
