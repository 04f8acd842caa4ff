using System.Buffers;
using System.Globalization;

namespace Callroute.Mfa;

/// <summary>Parses numbers that have one spelling only: ASCII digits, no sign, no leading zero.</summary>
internal static class CanonicalNumber
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    // Check the digits first: long.TryParse accepts NUL characters after a number.
    public static bool TryRead(ReadOnlySpan<char> text, long minimum, long maximum, out long number)
    {
        number = 0;
        return !text.ContainsAnyExcept(Digits)
            && (text.Length == 1 || !text.StartsWith('0'))
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && number >= minimum && number <= maximum;
    }
}
