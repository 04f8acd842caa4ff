using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Callroute.Mfa.Otp;

/// <summary>Encodes and decodes Base32 (RFC 4648 §6). Thread-safe; not fixed-time.</summary>
public static class Base32
{
    internal const string TooLong = "more than 1,024 characters";
    internal const string InvalidCharacter = "a character that is not A–Z or 2–7";
    internal const string InvalidPadding = "padding that is incomplete, too long or not at the end";
    internal const string InvalidLength = "no bytes have an encoding of this length";
    internal const string NonZeroTrailingBits = "a last character with bits that belong to no byte";

    // Longer text is refused without decoding.
    private const int MaximumLength = 1024;

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int BitsPerCharacter = 5;
    private const int GroupLength = 8;

    /// <summary>Encodes bytes in upper case without padding, the form that otpauth URIs need.</summary>
    /// <param name="data">Any bytes; empty gives an empty string.</param>
    /// <returns>⌈8·n/5⌉ characters of A–Z and 2–7.</returns>
    public static string Encode(ReadOnlySpan<byte> data) =>
        string.Create(LengthOf(data.Length), data, static (characters, data) => Encode(data, characters));

    /// <summary>Decodes a text.</summary>
    /// <param name="text">At most 1,024 characters; empty gives no bytes.</param>
    /// <param name="lenient">
    /// False, the default: exactly RFC 4648 §6, so upper case, no separators, and padding either complete or absent. True for text that
    /// people type or that other systems made: any case, any padding at the end, any number of characters, and last bits that fill no
    /// byte are dropped. White space, hyphens, en dashes and invisible characters are ignored. Full-width letters and decimal digits of
    /// any script count as ASCII, but 0 is no O and 1 is no I.
    /// </param>
    /// <returns>The bytes, owned by the caller. They are pinned: the caller can wipe the only copy.</returns>
    /// <exception cref="FormatException">
    /// The text is not Base32. The message gives the fault and its position, but not the text.
    /// </exception>
    public static byte[] Decode(ReadOnlySpan<char> text, bool lenient = false) =>
        TryDecode(text, lenient, out var data, out var error, out var index)
            ? data
            : throw new FormatException($"Not Base32: {error} (index {index}).");

    /// <summary>Decodes a text, if it is Base32.</summary>
    /// <param name="text">At most 1,024 characters; empty gives no bytes.</param>
    /// <param name="lenient">Whether to accept more than RFC 4648 §6, as in <see cref="Decode"/>.</param>
    /// <param name="data">The bytes, owned by the caller; null if the text is refused.</param>
    /// <returns>Whether the text was decoded.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, bool lenient, [NotNullWhen(true)] out byte[]? data) =>
        TryDecode(text, lenient, out data, out _, out _);

    /// <summary>The number of characters that encode this number of bytes.</summary>
    internal static int LengthOf(int size) => checked((size * 8 + BitsPerCharacter - 1) / BitsPerCharacter);

    /// <summary>Encodes into memory of the caller, <see cref="LengthOf"/> characters.</summary>
    internal static void Encode(ReadOnlySpan<byte> data, Span<char> characters)
    {
        for (var i = 0; i < characters.Length; i++)
        {
            characters[i] = Alphabet[BitsAt(data, i * BitsPerCharacter)];
        }
    }

    internal static bool TryDecode(
        ReadOnlySpan<char> text,
        bool lenient,
        [NotNullWhen(true)] out byte[]? data,
        [NotNullWhen(false)] out string? error,
        out int index)
    {
        data = null;
        if (text.Length > MaximumLength)
        {
            (error, index) = (TooLong, MaximumLength);
            return false;
        }

        Span<byte> values = stackalloc byte[MaximumLength];
        error = ReadCharacters(text, lenient, values, out var count, out index);
        if (error is null)
        {
            data = Pack(values[..count]);
        }

        CryptographicOperations.ZeroMemory(values);
        return data is not null;
    }

    private static int BitsAt(ReadOnlySpan<byte> data, int bit)
    {
        var index = bit / 8;
        var pair = (data[index] << 8) | (index + 1 < data.Length ? data[index + 1] : 0);
        return (pair >> (16 - BitsPerCharacter - bit % 8)) & 0x1F;
    }

    private static string? ReadCharacters(ReadOnlySpan<char> text, bool lenient, Span<byte> values, out int count, out int index)
    {
        (count, index) = (0, 0);
        var (padding, last) = (text.IndexOf('='), 0);
        var end = padding < 0 ? text.Length : padding;
        for (var length = 1; index < end; index += length)
        {
            if ((lenient ? TypedText.ReadNext(text[index..], out length) : text[index]) is not { } character)
            {
                continue;
            }

            var value = ValueOf(character, lenient);
            if (value < 0)
            {
                return InvalidCharacter;
            }

            values[count++] = (byte)value;
            last = index;
        }

        var error = !IsPadding(text[end..], lenient) ? InvalidPadding : lenient ? null : CheckEnd(values[..count], text.Length - end);
        index = error switch
        {
            null => 0,
            InvalidPadding => end,
            _ => last,
        };
        return error;
    }

    private static bool IsPadding(ReadOnlySpan<char> text, bool lenient)
    {
        while (lenient && !text.IsEmpty && TypedText.ReadNext(text, out var length) is null or '=')
        {
            text = text[length..];
        }

        return !text.ContainsAnyExcept('=');
    }

    private static string? CheckEnd(ReadOnlySpan<byte> values, int padding)
    {
        var rest = values.Length % GroupLength;
        var spareBits = values.Length * BitsPerCharacter % 8;
        if (rest is 1 or 3 or 6)
        {
            return InvalidLength;
        }

        if (padding != 0 && (rest == 0 || padding != GroupLength - rest))
        {
            return InvalidPadding;
        }

        return rest != 0 && (values[^1] & ((1 << spareBits) - 1)) != 0 ? NonZeroTrailingBits : null;
    }

    private static byte[] Pack(ReadOnlySpan<byte> values)
    {
        var data = PinnedBytes.Create(values.Length * BitsPerCharacter / 8);
        var (buffer, bits, written) = (0, 0, 0);
        foreach (var value in values)
        {
            buffer = ((buffer << BitsPerCharacter) | value) & 0xFFF;
            bits += BitsPerCharacter;
            if (bits >= 8)
            {
                bits -= 8;
                data[written++] = (byte)((buffer >> bits) & 0xFF);
            }
        }

        return data;
    }

    private static int ValueOf(char character, bool lenient) => character switch
    {
        >= 'A' and <= 'Z' => character - 'A',
        >= '2' and <= '7' => character - '2' + 26,
        >= 'a' and <= 'z' when lenient => character - 'a',
        _ => -1,
    };
}
