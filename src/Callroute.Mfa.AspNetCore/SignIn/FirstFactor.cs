namespace Callroute.Mfa.AspNetCore;

/// <summary>The methods of the first factor, as the application names them (RFC 8176).</summary>
internal static class FirstFactor
{
    // The challenge's cookie must hold them.
    private const int MaximumCount = 8;
    private const int MaximumLength = 32;

    private static readonly string[] Reserved = [MfaClaims.Otp, MfaClaims.Recovery, MfaClaims.Remembered, MfaClaims.Mfa];

    public static IReadOnlyCollection<string> Default { get; } = [MfaClaims.Password];

    /// <returns>The methods; the default if the application names none.</returns>
    /// <exception cref="ArgumentException">A method is malformed, or it is one that only the MFA step may assert.</exception>
    public static IReadOnlyCollection<string> Check(IReadOnlyCollection<string>? methods)
    {
        if (methods is null)
        {
            return Default;
        }

        string[] copy = [.. methods];
        return copy.Length is > 0 and <= MaximumCount && copy.All(IsMethod)
            ? copy
            : throw new ArgumentException(
                $"The first factor must be 1–{MaximumCount} methods, each of 1–{MaximumLength} visible ASCII characters, and none of "
                + $"{string.Join(", ", Reserved)}, which the MFA step adds.",
                nameof(methods));
    }

    /// <returns>The session's methods without those that the MFA step adds; the default if nothing is left.</returns>
    public static IReadOnlyCollection<string> Of(IEnumerable<string> methods) =>
        methods.Where(IsMethod).Distinct(StringComparer.Ordinal).ToArray() is { Length: > 0 } first ? first : Default;

    public static string Format(IReadOnlyCollection<string> methods) => string.Join(' ', methods);

    public static IReadOnlyCollection<string> Parse(string text) => text.Split(' ');

    // Compare without letter case, as readers of claims do.
    private static bool IsMethod(string? method) =>
        method?.Length is > 0 and <= MaximumLength && method.All(character => character is > ' ' and <= '~')
        && !Reserved.Contains(method, StringComparer.OrdinalIgnoreCase);
}
