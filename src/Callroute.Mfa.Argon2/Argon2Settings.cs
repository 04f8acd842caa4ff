using System.Globalization;
using System.Security.Cryptography;

namespace Callroute.Mfa.Argon2;

/// <summary>
/// The settings of one set of recovery codes: a PHC string without its hash, such as <c>$argon2id$v=19$m=19456,t=2,p=1$salt</c>.
/// </summary>
/// <remarks>Both Argon2id packages compile this file, so that each reads the settings of the other.</remarks>
internal sealed class Argon2Settings(Argon2Cost cost, byte[] salt)
{
    public const int MinimumSaltSize = 8;
    public const int MaximumSaltSize = 48;

    private const int NewSaltSize = 16;
    private const int MaximumLength = 128;

    public Argon2Cost Cost { get; } = cost;

    public byte[] Salt { get; } = salt;

    public static Argon2Settings Create(Argon2Cost cost) => new(cost, RandomNumberGenerator.GetBytes(NewSaltSize));

    /// <summary>Parses the text that <see cref="ToString"/> wrote.</summary>
    /// <exception cref="NotSupportedException">
    /// The text is not the canonical form of Argon2id settings, or a value is above its cap.
    /// </exception>
    public static Argon2Settings Parse(string text) =>
        TryParse(text)
        ?? throw new NotSupportedException("The settings are not those of Argon2id in their canonical form, or above the caps.");

    /// <summary>Parses the text that <see cref="ToString"/> wrote, or returns null.</summary>
    public static Argon2Settings? TryParse(string? text)
    {
        var settings = text?.Length <= MaximumLength && text.Split('$') is [_, _, _, var cost, var salt] ? TryRead(cost, salt) : null;

        // Every value has exactly one text, so this refuses other algorithms and versions, leading zeros, padding and stray bits.
        return settings?.ToString() == text ? settings : null;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"$argon2id$v=19$m={Cost.MemoryKib},t={Cost.Iterations},p={Cost.Parallelism}${Convert.ToBase64String(Salt).TrimEnd('=')}");

    private static Argon2Settings? TryRead(string cost, string salt) =>
        cost.Split(',') is [var m, var t, var p]
        && Number(m) is { } memory && Number(t) is { } iterations && Number(p) is { } parallelism
        && Argon2Cost.IsInRange(memory, iterations, parallelism)
        && TryReadSalt(salt) is { } bytes
            ? new Argon2Settings(new Argon2Cost(memory, iterations, parallelism), bytes)
            : null;

    // Skips the name and the equals sign, which are compared with the whole text.
    private static int? Number(string text) =>
        text.Length > 2 && int.TryParse(text.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static byte[]? TryReadSalt(string text)
    {
        Span<byte> bytes = stackalloc byte[MaximumLength];
        var padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        return Convert.TryFromBase64String(padded, bytes, out var size) && size is >= MinimumSaltSize and <= MaximumSaltSize
            ? bytes[..size].ToArray()
            : null;
    }
}
