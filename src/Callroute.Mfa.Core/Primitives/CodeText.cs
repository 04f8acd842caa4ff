namespace Callroute.Mfa;

/// <summary>The one rule about separators in what a person types: ASCII spaces and hyphens do not count.</summary>
internal static class CodeText
{
    /// <summary>The longest input that is looked at, in characters.</summary>
    public const int MaximumLength = 64;

    /// <summary>Copies the input without separators.</summary>
    /// <returns>The number of characters written, or null where the input is too long or more is left than fits.</returns>
    public static int? RemoveSeparators(ReadOnlySpan<char> input, Span<char> destination)
    {
        if (input.Length > MaximumLength)
        {
            return null;
        }

        var written = 0;
        foreach (var character in input)
        {
            if (character is ' ' or '-')
            {
                continue;
            }

            if (written == destination.Length)
            {
                return null;
            }

            destination[written++] = character;
        }

        return written;
    }
}
