using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Callroute.Mfa.Recovery;

/// <summary>Holds an Argon2id hash in the PHC string format: <c>$argon2id$v=19$m=19456,t=2,p=1$salt$tag</c>.</summary>
/// <remarks>
/// Immutable and thread-safe. There is one text for every value: what is not canonical (order, leading zeros, padding,
/// trailing bits) is refused, and so is everything above the ceilings, before anything is allocated for it.
/// </remarks>
public sealed class PhcString
{
    /// <summary>The least and greatest salt, in bytes: 8–48.</summary>
    internal const int MinimumSaltSize = 8;
    internal const int MaximumSaltSize = 48;

    /// <summary>The least and greatest tag, in bytes: 16–64.</summary>
    internal const int MinimumTagSize = 16;
    internal const int MaximumTagSize = 64;

    private const int MaximumLength = 256;
    private const string Prefix = "$argon2id$v=19$";

    private readonly byte[] _salt;
    private readonly byte[] _tag;

    /// <summary>Makes a PHC string, copying salt and tag.</summary>
    /// <param name="parameters">The cost parameters.</param>
    /// <param name="salt">8–48 bytes.</param>
    /// <param name="tag">16–64 bytes.</param>
    /// <exception cref="ArgumentException">Salt or tag has the wrong size.</exception>
    public PhcString(Argon2Parameters parameters, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> tag)
    {
        Parameters = Guard.NotNull(parameters);
        Guard.Length(salt.Length, MinimumSaltSize, MaximumSaltSize, "bytes", nameof(salt));
        Guard.Length(tag.Length, MinimumTagSize, MaximumTagSize, "bytes", nameof(tag));
        _salt = salt.ToArray();
        _tag = tag.ToArray();
    }

    /// <summary>The cost parameters.</summary>
    public Argon2Parameters Parameters { get; }

    /// <summary>The salt, 8–48 bytes.</summary>
    public ReadOnlyMemory<byte> Salt => _salt;

    /// <summary>The tag, 16–64 bytes.</summary>
    public ReadOnlyMemory<byte> Tag => _tag;

    /// <summary>Reads a canonical string.</summary>
    /// <param name="text">At most 256 characters.</param>
    /// <returns>The value.</returns>
    /// <exception cref="FormatException">The text is not a canonical Argon2id PHC string, or is above the ceilings.</exception>
    public static PhcString Parse(string text) =>
        TryParse(text, out var value) ? value : throw new FormatException("Not a canonical Argon2id PHC string within the ceilings.");

    /// <summary>Reads a canonical string.</summary>
    /// <param name="text">At most 256 characters; null is refused.</param>
    /// <param name="value">The value; null when the text is refused.</param>
    /// <returns>Whether the text is canonical and within the ceilings.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PhcString? value)
    {
        value = null;
        if (text is null || text.Length > MaximumLength || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        Span<Range> parts = stackalloc Range[4];
        var rest = text.AsSpan(Prefix.Length);
        if (rest.Split(parts, '$') == 3
            && TryReadParameters(rest[parts[0]], out var parameters)
            && TryReadBase64(rest[parts[1]], MinimumSaltSize, MaximumSaltSize, out var salt)
            && TryReadBase64(rest[parts[2]], MinimumTagSize, MaximumTagSize, out var tag))
        {
            value = new PhcString(parameters, salt, tag);
        }

        return value is not null;
    }

    /// <summary>Compares the tag with another in fixed time.</summary>
    /// <param name="tag">The other tag.</param>
    /// <returns>Whether they are equal.</returns>
    public bool Matches(ReadOnlySpan<byte> tag) => FixedTime.AreEqual(_tag, tag);

    /// <summary>Writes the canonical string.</summary>
    /// <returns>The string: a hash, not a secret.</returns>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Prefix}m={Parameters.Memory},t={Parameters.Iterations},p={Parameters.Parallelism}${Base64(_salt)}${Base64(_tag)}");

    private static bool TryReadParameters(ReadOnlySpan<char> text, [NotNullWhen(true)] out Argon2Parameters? parameters)
    {
        Span<Range> parts = stackalloc Range[4];
        var isInRange = text.Split(parts, ',') == 3
            & TryReadNumber(text[parts[0]], "m=", out var memory)
            & TryReadNumber(text[parts[1]], "t=", out var iterations)
            & TryReadNumber(text[parts[2]], "p=", out var parallelism)
            && Argon2Parameters.AreInRange(memory, iterations, parallelism);
        parameters = isInRange ? new Argon2Parameters(memory, iterations, parallelism) : null;
        return isInRange;
    }

    private static bool TryReadNumber(ReadOnlySpan<char> text, string name, out int number)
    {
        var value = 0L;
        var isNumber = text.StartsWith(name, StringComparison.Ordinal)
            && CanonicalNumber.TryRead(text[name.Length..], 1, int.MaxValue, out value);
        number = isNumber ? (int)value : 0;
        return isNumber;
    }

    private static bool TryReadBase64(ReadOnlySpan<char> text, int minimumSize, int maximumSize, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        Span<char> padded = stackalloc char[(maximumSize + 2) / 3 * 4];
        var length = (text.Length + 3) / 4 * 4;
        if (text.Length % 4 == 1 || length > padded.Length || text.ContainsAny(" =\t\r\n"))
        {
            return false;
        }

        padded = padded[..length];
        text.CopyTo(padded);
        padded[text.Length..].Fill('=');
        Span<byte> decoded = stackalloc byte[maximumSize + 2];
        var isCanonical = Convert.TryFromBase64Chars(padded, decoded, out var size)
            && size >= minimumSize && size <= maximumSize
            && text.SequenceEqual(Base64(decoded[..size]));
        bytes = isCanonical ? decoded[..size].ToArray() : null;
        return isCanonical;
    }

    private static string Base64(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=');
}
