using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Callroute.Mfa.Otp.Vectorized;

namespace Callroute.Mfa.Otp;

/// <summary>The computation that HOTP and TOTP share: HMAC of the moving factor, then truncation (RFC 4226 §5.3).</summary>
internal static class HmacOtp
{
    public const int MinimumDigits = 4;
    public const int MaximumDigits = 8;

    public static int HashSize(OtpAlgorithm algorithm) => algorithm switch
    {
        OtpAlgorithm.Sha1 => HMACSHA1.HashSizeInBytes,
        OtpAlgorithm.Sha256 => HMACSHA256.HashSizeInBytes,
        OtpAlgorithm.Sha512 => HMACSHA512.HashSizeInBytes,
        _ => throw new UnreachableException(),
    };

    /// <summary>Writes the code into <paramref name="code"/>. Its length is the number of digits.</summary>
    public static void Compute(SharedSecret secret, OtpAlgorithm algorithm, long movingFactor, Span<char> code, bool vectorized)
    {
        var value = 0u;
        ComputeValues(secret, algorithm, movingFactor, new Span<uint>(ref value), vectorized);
        for (var i = code.Length - 1; i >= 0; i--)
        {
            code[i] = (char)('0' + value % 10);
            value /= 10;
        }
    }

    /// <summary>
    /// Compares a code with every moving factor from <paramref name="first"/> to <paramref name="last"/> and returns the highest
    /// that matches. Computes the whole range every time, so that the time taken does not depend on where the match is.
    /// </summary>
    /// <param name="secret">The secret.</param>
    /// <param name="algorithm">The hash under the HMAC.</param>
    /// <param name="code">The code.</param>
    /// <param name="next">The code that must match the moving factor after that of <paramref name="code"/>; empty if there is none.</param>
    /// <param name="first">The first moving factor.</param>
    /// <param name="last">The last one.</param>
    /// <param name="vectorized">Whether to use the vectorised HMAC if it supports the algorithm.</param>
    public static long? HighestMatch(
        SharedSecret secret,
        OtpAlgorithm algorithm,
        ReadOnlySpan<char> code,
        ReadOnlySpan<char> next,
        long first,
        long last,
        bool vectorized)
    {
        var (number, nextNumber) = (ReadDigits(code), ReadDigits(next));
        var count = (int)(last - first) + 1;
        Span<uint> values = stackalloc uint[next.IsEmpty ? count : count + 1];
        ComputeValues(secret, algorithm, first, values, vectorized);
        long? match = null;
        for (var i = 0; i < count; i++)
        {
            var matches = FixedTime.AreEqual(LastDigits(values[i], code.Length), number)
                & (next.IsEmpty || FixedTime.AreEqual(LastDigits(values[i + 1], next.Length), nextNumber));
            match = matches ? first + i : match;
        }

        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(values));
        return match;
    }

    // Fills the values of consecutive moving factors.
    private static void ComputeValues(SharedSecret secret, OtpAlgorithm algorithm, long first, Span<uint> values, bool vectorized)
    {
        var size = HashSize(algorithm);
        Span<byte> macs = stackalloc byte[values.Length * size];
        if (vectorized && VectorizedHmac.Supports(algorithm))
        {
            VectorizedHmac.Compute(secret.Key, first, macs);
        }
        else
        {
            PlatformHmac.Compute(secret, algorithm, first, macs);
        }

        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Truncate(macs.Slice(i * size, size));
        }

        CryptographicOperations.ZeroMemory(macs);
    }

    // RFC 4226 §5.3: the low four bits of the last byte are an offset; the four bytes there, without the sign bit, are the value.
    // Memory addresses must not depend on the secret. So read eight bytes at each of the four possible places, and select one with a mask.
    private static uint Truncate(ReadOnlySpan<byte> mac)
    {
        var offset = mac[^1] & 0x0F;
        var bytes = 0UL;
        for (var i = 0; i < 16; i += 4)
        {
            var isHere = (long)((offset & ~3 ^ i) - 1) >> 63;
            bytes |= BinaryPrimitives.ReadUInt64BigEndian(mac[i..]) & unchecked((ulong)isHere);
        }

        return (uint)((bytes >> (32 - 8 * (offset & 3))) & 0x7FFF_FFFF);
    }

    // The caller has checked that the code is 4–8 digits. Two codes of the same length are equal if their numbers are equal.
    private static uint ReadDigits(ReadOnlySpan<char> code)
    {
        var number = 0u;
        foreach (var digit in code)
        {
            number = number * 10 + digit - '0';
        }

        return number;
    }

    // The compiler turns a constant divisor into a multiplication. A real division may take longer for some values.
    private static uint LastDigits(uint value, int digits) => digits switch
    {
        4 => value % 10_000,
        5 => value % 100_000,
        6 => value % 1_000_000,
        7 => value % 10_000_000,
        8 => value % 100_000_000,
        _ => throw new UnreachableException(),
    };
}
