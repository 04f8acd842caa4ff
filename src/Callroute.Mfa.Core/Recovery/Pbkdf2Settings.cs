using System.Globalization;
using System.Security.Cryptography;

namespace Callroute.Mfa.Recovery;

/// <summary>
/// The settings of one set of recovery codes: a PHC string without its hash, such as <c>$pbkdf2-sha512$i=220000,l=32$salt</c>.
/// </summary>
internal sealed class Pbkdf2Settings(int iterations, byte[] salt)
{
    /// <summary>What the OWASP Password Storage Cheat Sheet recommends for HMAC-SHA-512.</summary>
    public const int DefaultIterations = 220_000;

    /// <summary>The minimum of NIST SP 800-132 §5.2, and a cap on what a stored text can cost: less than a second.</summary>
    public const int MinimumIterations = 1_000;
    public const int MaximumIterations = 1_000_000;

    public const int TagSize = 32;

    // NIST SP 800-132 §5.1 asks for 128 bits.
    private const int SaltSize = 16;
    private const int SaltLength = 22;
    private const int MaximumLength = 64;

    public int Iterations { get; } = iterations;

    public byte[] Salt { get; } = salt;

    public static Pbkdf2Settings Create(int iterations) => new(iterations, RandomNumberGenerator.GetBytes(SaltSize));

    /// <summary>Parses the text that <see cref="ToString"/> wrote, or returns null.</summary>
    public static Pbkdf2Settings? TryParse(string? text)
    {
        if (text?.Length > MaximumLength || text?.Split('$') is not [_, _, var cost, { Length: SaltLength } salt]
            || cost.Split(['=', ',']) is not [_, var number, _, _])
        {
            return null;
        }

        var bytes = new byte[SaltSize];
        var settings = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            && iterations is >= MinimumIterations and <= MaximumIterations && Convert.TryFromBase64String(salt + "==", bytes, out _)
                ? new Pbkdf2Settings(iterations, bytes)
                : null;

        // Every value has exactly one text, so this refuses other algorithms, lengths, leading zeros and stray bits.
        return settings?.ToString() == text ? settings : null;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"$pbkdf2-sha512$i={Iterations},l={TagSize}${Convert.ToBase64String(Salt).TrimEnd('=')}");
}
