using System.Text;

namespace Callroute.Mfa;

/// <summary>Makes text that a person typed fit to be kept and shown.</summary>
internal static class DisplayText
{
    /// <summary>Drops control characters and broken surrogates, trims, and cuts between characters.</summary>
    public static string Clean(string text, int maximumLength)
    {
        var cleaned = new StringBuilder(Math.Min(text.Length, maximumLength));
        foreach (var rune in text.AsSpan().Trim().EnumerateRunes())
        {
            if (cleaned.Length + rune.Utf16SequenceLength > maximumLength)
            {
                break;
            }

            if (!Rune.IsControl(rune))
            {
                cleaned.Append(rune.ToString());
            }
        }

        return cleaned.ToString().Trim();
    }
}
