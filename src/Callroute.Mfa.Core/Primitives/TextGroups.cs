using System.Text;

namespace Callroute.Mfa;

/// <summary>Splits long text into groups of four characters, for people to read.</summary>
internal static class TextGroups
{
    public static string OfFour(ReadOnlySpan<char> text, char separator)
    {
        var grouped = new StringBuilder(text.Length + text.Length / 4);
        for (var i = 0; i < text.Length; i += 4)
        {
            if (i > 0)
            {
                grouped.Append(separator);
            }

            grouped.Append(text.Slice(i, Math.Min(4, text.Length - i)));
        }

        return grouped.ToString();
    }
}
