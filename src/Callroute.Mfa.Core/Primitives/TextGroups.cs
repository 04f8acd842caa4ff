namespace Callroute.Mfa;

/// <summary>Splits text into groups of four characters, for people to read.</summary>
internal static class TextGroups
{
    /// <param name="text">A secret of at most a few hundred characters.</param>
    /// <param name="separator">Stands between the groups.</param>
    public static string OfFour(ReadOnlySpan<char> text, char separator)
    {
        Span<char> grouped = stackalloc char[text.Length + Math.Max(text.Length - 1, 0) / 4];
        grouped.Fill(separator);
        for (var i = 0; i < text.Length; i++)
        {
            grouped[i + i / 4] = text[i];
        }

        var result = new string(grouped);
        grouped.Clear();
        return result;
    }
}
