using System.Text.RegularExpressions;

namespace Callroute.Mfa.AspNetCore;

/// <summary>The reason that an administrator types. It is kept in the user's record and in logs.</summary>
internal static partial class AuditText
{
    private const int MaximumLength = 200;

    /// <returns>What is wrong with it; null if nothing is.</returns>
    public static string? Refuse(string? reason) =>
        reason is null || !reason.Any(char.IsLetterOrDigit) ? "Say why, for example how the user has proved their identity."
        : reason.Length > MaximumLength ? $"The reason must have at most {MaximumLength} characters."
        : Secrets().IsMatch(reason) ? "The reason must not hold a recovery code or the address of a QR code."
        : null;

    // Recovery codes are typed with any separators, or with none. Nearly every one has a digit, and few sentences would match then.
    [GeneratedRegex(
        @"otpauth|(?=([0-9a-z][\s\p{Pd}.]*){0,23}[0-9])([0-9a-z]{4}[\s\p{Pd}.]*){5}[0-9a-z]{4}",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Secrets();
}
