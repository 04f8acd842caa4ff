using System.Buffers;
using System.Globalization;
using System.Text;

namespace Callroute.Mfa;

/// <summary>Reads text that a person typed or pasted. Codes, recovery codes and Base32 share it.</summary>
/// <remarks>
/// White space, hyphens, en dashes and invisible characters do not count. Decimal digits of any script and full-width letters become
/// ASCII. Each alphabet decides about letters itself. Letters that only look alike stay different.
/// </remarks>
internal static class TypedText
{
    /// <summary>The longest code or recovery code that is read, in UTF-16 characters.</summary>
    public const int MaximumLength = 64;

    // Replaces what is no character of any of our alphabets.
    private const char Other = '\uFFFD';

    /// <summary>Copies the characters that count.</summary>
    /// <returns>The number of characters written; null if the input is too long, or the result does not fit.</returns>
    public static int? Fold(ReadOnlySpan<char> input, Span<char> destination)
    {
        if (input.Length > MaximumLength)
        {
            return null;
        }

        var written = 0;
        while (!input.IsEmpty)
        {
            if (ReadNext(input, out var length) is { } character)
            {
                if (written == destination.Length)
                {
                    return null;
                }

                destination[written++] = character;
            }

            input = input[length..];
        }

        return written;
    }

    /// <summary>Reads one character.</summary>
    /// <param name="text">Not empty.</param>
    /// <param name="length">The number of UTF-16 characters that were read: 1 or 2.</param>
    /// <returns>An ASCII character, or U+FFFD for any other; null if the character does not count.</returns>
    public static char? ReadNext(ReadOnlySpan<char> text, out int length)
    {
        var isRune = Rune.DecodeFromUtf16(text, out var rune, out length) == OperationStatus.Done;
        return !isRune ? Other : IsSeparator(rune) ? null : rune.IsAscii ? (char)rune.Value : FoldWide(rune);
    }

    private static char? FoldWide(Rune rune) => rune.Value switch
    {
        // Full-width letters.
        (>= 0xFF21 and <= 0xFF3A) or (>= 0xFF41 and <= 0xFF5A) => (char)(rune.Value - 0xFEE0),
        _ when DisplayText.IsInvisible(rune) => null,
        _ when Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber => (char)('0' + (int)Rune.GetNumericValue(rune)),
        _ => Other,
    };

    // Besides white space: hyphen-minus, hyphen, no-break hyphen, en dash and full-width hyphen-minus. A minus sign is a sign.
    private static bool IsSeparator(Rune rune) =>
        Rune.IsWhiteSpace(rune) || rune.Value is '-' or 0x2010 or 0x2011 or 0x2013 or 0xFF0D;
}
