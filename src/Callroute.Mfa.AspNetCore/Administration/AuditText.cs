using System.Text.RegularExpressions;

namespace Callroute.Mfa.AspNetCore;

/// <summary>The reason that an administrator types. It is kept in the user's record and in logs.</summary>
internal static partial class AuditText
{
    private const int MaximumLength = 200;

    // Blanks, dashes, full stops and invisible characters may stand between two characters of a code.
    private const string Between = @"[\s\p{Pd}\p{Cf}.]*";

    // The field of a code takes full-width letters and the digits of any script too.
    private const string Symbol = @"[\da-z\uFF21-\uFF3A\uFF41-\uFF5A]";

    /// <returns>What is wrong with it; null if nothing is.</returns>
    public static string? Refuse(string? reason) =>
        reason is null || !reason.Any(char.IsLetterOrDigit) ? "Say why, for example how the user has proved their identity."
        : reason.Length > MaximumLength ? $"The reason must have at most {MaximumLength} characters."
        : Secrets().IsMatch(reason) ? "The reason must not hold a recovery code or the address of a QR code."
        : null;

    // Recovery codes are typed with any separators, or with none. Nearly every one has a digit, and few sentences would match then.
    [GeneratedRegex(
        $@"otpauth|(?=({Symbol}{Between}){{0,23}}\d)({Symbol}{{4}}{Between}){{5}}{Symbol}{{4}}",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Secrets();
}
