using System.Globalization;
using System.Text;

namespace Callroute.Mfa;

/// <summary>Makes external text safe to store and to show.</summary>
internal static class DisplayText
{
    /// <summary>Removes control characters, line separators and bidirectional controls, trims, and cuts to the maximum length.</summary>
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

    // Line breaks could forge lines in a log. Bidirectional controls could make a text look like another one.
    private static bool IsHidden(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || rune.Value is 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}
