using System.Text;
using System.Text.RegularExpressions;

namespace Callroute.Mfa.AspNetCore;

/// <summary>The reason that an administrator types. It is kept in the user's record and in logs.</summary>
internal static partial class AuditText
{
    private const int MaximumLength = 200;

    private const string Symbol = "[0-9a-z]";

    // Groups of four, with blanks, dashes and full stops between them, or with nothing.
    private const string Groups = $@"({Symbol}{{4}}[\s\p{{Pd}}.]*){{5}}{Symbol}{{4}}";

    // A word with dashes anywhere. No code has a U, and the names of many tickets do.
    private const string Word = $@"(?<!{Symbol})([0-9a-tv-z]\p{{Pd}}*){{23}}[0-9a-tv-z](?!{Symbol})";

    /// <returns>What is wrong with it; null if nothing is.</returns>
    public static string? Refuse(string? reason) =>
        reason is null || !reason.Any(char.IsLetterOrDigit) ? "Say why, for example how the user has proved their identity."
        : reason.Length > MaximumLength ? $"The reason must have at most {MaximumLength} characters."
        : Secrets().IsMatch(Fold(reason)) ? "The reason must not hold a recovery code or the address of a QR code."
        : null;

    // As the field of a code reads the text, but blanks and dashes stay: they part the words of a sentence.
    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        var rest = DisplayText.RemoveInvisible(text).AsSpan();
        while (!rest.IsEmpty)
        {
            folded.Append(TypedText.ReadNext(rest, out var length) is { } symbol and not '\uFFFD' ? symbol : rest[0]);
            rest = rest[length..];
        }

        return folded.ToString();
    }

    // Nearly every recovery code has a digit, and few sentences would match then.
    [GeneratedRegex(
        $@"otpauth|(?=({Symbol}[\s\p{{Pd}}.]*){{0,23}}[0-9])({Groups}|{Word})",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Secrets();
}
