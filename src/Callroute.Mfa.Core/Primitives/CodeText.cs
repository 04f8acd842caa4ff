namespace Callroute.Mfa;

/// <summary>Removes separators from a code that the user typed: ASCII spaces and hyphens.</summary>
internal static class CodeText
{
    /// <summary>The longest input that is read, in characters.</summary>
    public const int MaximumLength = 64;

    /// <summary>Copies the input without separators.</summary>
    /// <returns>The number of characters written; null if the input is too long, or the result does not fit.</returns>
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
