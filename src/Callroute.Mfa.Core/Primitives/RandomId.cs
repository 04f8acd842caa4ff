using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Callroute.Mfa;

/// <summary>Creates, formats and parses identifiers of 128 random bits.</summary>
internal static class RandomId
{
    public const int Size = 16;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    public static UInt128 Create()
    {
        Span<byte> bytes = stackalloc byte[Size];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public static Guid CreateGuid() => new(RandomNumberGenerator.GetBytes(Size));

    public static string Format(UInt128 value) => value.ToString("x32", CultureInfo.InvariantCulture);

    public static bool TryParse(string? text, out UInt128 value)
    {
        value = default;
        return text?.Length == 2 * Size
            && !text.AsSpan().ContainsAnyExcept(Digits)
            && UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
