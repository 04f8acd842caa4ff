using System.Globalization;
using System.Text;

namespace Callroute.Mfa;

/// <summary>Makes external text safe to store and to show.</summary>
internal static class DisplayText
{
    /// <summary>Removes control characters, line separators and invisible characters, trims, and cuts to the maximum length.</summary>
    public static string Clean(string text, int maximumLength)
    {
        var cleaned = new StringBuilder(Math.Min(text.Length, maximumLength));
        foreach (var rune in text.AsSpan().Trim().EnumerateRunes())
        {
            if (cleaned.Length + rune.Utf16SequenceLength > maximumLength)
            {
                break;
            }

            if (!IsHidden(rune))
            {
                cleaned.Append(rune.ToString());
            }
        }

        return cleaned.ToString().Trim();
    }

    /// <summary>Removes invisible characters from a well-formed text of at most a few hundred characters.</summary>
    public static string RemoveInvisible(string text)
    {
        Span<char> visible = stackalloc char[text.Length];
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            length += IsInvisible(rune) ? 0 : rune.EncodeToUtf16(visible[length..]);
        }

        return length == text.Length ? text : new string(visible[..length]);
    }

    /// <summary>
    /// Whether the character shows nothing and is no white space or control character: format characters (general category Cf) such as
    /// zero-width and bidirectional ones, and the others that Unicode ignores by default or draws blank.
    /// </summary>
    public static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format || rune.Value is

            // Grapheme joiner, fillers of Hangul, vowels of Khmer, Mongolian selectors, blank of Braille.
            0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x2800 or 0x3164 or 0xFFA0

            // Variation selectors, and code points reserved for more of them.
            or 0x2065 or (>= 0xFE00 and <= 0xFE0F) or (>= 0xFFF0 and <= 0xFFF8) or (>= 0xE0000 and <= 0xE0FFF);

    // Line breaks could forge lines in a log. Invisible characters could make a text look like another one.
    private static bool IsHidden(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || IsInvisible(rune);
}
