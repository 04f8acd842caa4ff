using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Callroute.Mfa.Otp;

/// <summary>Encodes and decodes Base32 (RFC 4648 §6). Thread-safe; not fixed-time.</summary>
public static class Base32
{
    /// <summary>The longest text that is decoded, in characters; longer is refused before any work.</summary>
    public const int MaximumLength = 1024;

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int BitsPerCharacter = 5;
    private const int GroupLength = 8;

    /// <summary>Encodes bytes in upper case without padding, as otpauth URIs want it.</summary>
    /// <param name="data">Any bytes; empty gives an empty string.</param>
    /// <returns>⌈8·n/5⌉ characters of A–Z and 2–7.</returns>
    public static string Encode(ReadOnlySpan<byte> data)
    {
        var characters = new char[checked((data.Length * 8 + BitsPerCharacter - 1) / BitsPerCharacter)];
        for (var i = 0; i < characters.Length; i++)
        {
            characters[i] = Alphabet[BitsAt(data, i * BitsPerCharacter)];
        }

        var text = new string(characters);
        Array.Clear(characters);
        return text;
    }

    /// <summary>Decodes a text.</summary>
    /// <param name="text">At most 1,024 characters; empty gives no bytes.</param>
    /// <param name="format">Strict by default; <see cref="Base32Format.Pasted"/> for what a person types.</param>
    /// <returns>The bytes, owned by the caller.</returns>
    /// <exception cref="FormatException">The text is not Base32; the message tells the error and its position, not the text.</exception>
    public static byte[] Decode(ReadOnlySpan<char> text, Base32Format format = Base32Format.Strict) =>
        TryDecode(text, format, out var data, out var error, out var position)
            ? data
            : throw new FormatException($"Not Base32: {error} at position {position}.");

    /// <summary>Decodes a text, telling what is wrong with it.</summary>
    /// <param name="text">At most 1,024 characters; empty gives no bytes.</param>
    /// <param name="format">How to read it.</param>
    /// <param name="data">The bytes, owned by the caller; null when the text is refused.</param>
    /// <param name="error">What is wrong, or <see cref="Base32Error.None"/>.</param>
    /// <param name="position">The zero-based index in <paramref name="text"/> of what is wrong; 0 when nothing is.</param>
    /// <returns>Whether the text was decoded.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, Base32Format format, [NotNullWhen(true)] out byte[]? data, out Base32Error error, out int position)
    {
        Guard.Defined(format);
        (data, position) = (null, 0);
        if (text.Length > MaximumLength)
        {
            (error, position) = (Base32Error.TooLong, MaximumLength);
            return false;
        }

        Span<byte> values = stackalloc byte[MaximumLength];
        error = ReadCharacters(text, format, values, out var count, out position);
        if (error == Base32Error.None)
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

    private static Base32Error ReadCharacters(ReadOnlySpan<char> text, Base32Format format, Span<byte> values, out int count, out int position)
    {
        (count, position) = (0, 0);
        var last = 0;
        var end = text.TrimEnd(format == Base32Format.Pasted ? " \t\r\n-=" : "=").Length;
        for (position = 0; position < end; position++)
        {
            if (format == Base32Format.Pasted && IsSeparator(text[position]))
            {
                continue;
            }

            var value = ValueOf(text[position], format);
            if (value < 0)
            {
                return text[position] == '=' ? Base32Error.InvalidPadding : Base32Error.InvalidCharacter;
            }

            values[count++] = (byte)value;
            last = position;
        }

        var error = CheckEnd(values[..count], format == Base32Format.Strict ? text.Length - end : 0);
        position = error switch
        {
            Base32Error.None => 0,
            Base32Error.InvalidPadding => end,
            _ => last,
        };
        return error;
    }

    private static Base32Error CheckEnd(ReadOnlySpan<byte> values, int padding)
    {
        var rest = values.Length % GroupLength;
        var spareBits = values.Length * BitsPerCharacter % 8;
        if (rest is 1 or 3 or 6)
        {
            return Base32Error.InvalidLength;
        }

        if (padding != 0 && (rest == 0 || padding != GroupLength - rest))
        {
            return Base32Error.InvalidPadding;
        }

        return rest != 0 && (values[^1] & ((1 << spareBits) - 1)) != 0 ? Base32Error.NonZeroTrailingBits : Base32Error.None;
    }

    private static byte[] Pack(ReadOnlySpan<byte> values)
    {
        var data = new byte[values.Length * BitsPerCharacter / 8];
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

    private static bool IsSeparator(char character) => character is ' ' or '\t' or '\r' or '\n' or '-';

    private static int ValueOf(char character, Base32Format format) => character switch
    {
        >= 'A' and <= 'Z' => character - 'A',
        >= '2' and <= '7' => character - '2' + 26,
        >= 'a' and <= 'z' when format == Base32Format.Pasted => character - 'a',
        _ => -1,
    };
}
