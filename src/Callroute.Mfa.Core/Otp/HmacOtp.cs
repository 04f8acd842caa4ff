using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Otp;

/// <summary>The computation that HOTP and TOTP share: HMAC of the moving factor, then truncation (RFC 4226 §5.3).</summary>
internal static class HmacOtp
{
    public const int MinimumDigits = 4;
    public const int MaximumDigits = 8;

    private const int MaximumHashSize = 64;

    public static int HashSize(OtpAlgorithm algorithm) => algorithm switch
    {
        OtpAlgorithm.Sha1 => HMACSHA1.HashSizeInBytes,
        OtpAlgorithm.Sha256 => HMACSHA256.HashSizeInBytes,
        OtpAlgorithm.Sha512 => HMACSHA512.HashSizeInBytes,
        _ => throw new UnreachableException(),
    };

    /// <summary>Fills <paramref name="code"/>, whose length is the number of digits.</summary>
    public static void Compute(ReadOnlySpan<byte> key, OtpAlgorithm algorithm, long movingFactor, Span<char> code)
    {
        Span<byte> hash = stackalloc byte[MaximumHashSize];
        var value = Truncate(Hmac(key, algorithm, movingFactor, hash));
        CryptographicOperations.ZeroMemory(hash);
        for (var i = code.Length - 1; i >= 0; i--)
        {
            code[i] = (char)('0' + value % 10);
            value /= 10;
        }
    }

    /// <summary>
    /// Compares a code with every moving factor from <paramref name="first"/> to <paramref name="last"/> and gives the
    /// highest that matches. The whole range is always computed, so the time tells nothing about a miss.
    /// </summary>
    public static long? HighestMatch(SharedSecret secret, OtpAlgorithm algorithm, ReadOnlySpan<char> code, long first, long last)
    {
        var key = secret.Key;
        var number = ReadDigits(code);
        Span<byte> hash = stackalloc byte[MaximumHashSize];
        long? match = null;

        // The end is not the loop's condition: 'last' may be the greatest long.
        for (var movingFactor = first; ; movingFactor++)
        {
            var value = Truncate(Hmac(key, algorithm, movingFactor, hash));
            match = FixedTime.AreEqual(LastDigits(value, code.Length), number) ? movingFactor : match;
            if (movingFactor == last)
            {
                CryptographicOperations.ZeroMemory(hash);
                return match;
            }
        }
    }

    // RFC 4226 §5.2: the moving factor is eight bytes, high-order byte first.
    private static ReadOnlySpan<byte> Hmac(ReadOnlySpan<byte> key, OtpAlgorithm algorithm, long movingFactor, Span<byte> hash)
    {
        Span<byte> message = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(message, movingFactor);
        var size = algorithm switch
        {
            OtpAlgorithm.Sha1 => HMACSHA1.HashData(key, message, hash),
            OtpAlgorithm.Sha256 => HMACSHA256.HashData(key, message, hash),
            OtpAlgorithm.Sha512 => HMACSHA512.HashData(key, message, hash),
            _ => throw new UnreachableException(),
        };
        return hash[..size];
    }

    // RFC 4226 §5.3: the offset is in the last byte of the hash, whatever its size; the sign bit is dropped.
    private static uint Truncate(ReadOnlySpan<byte> hash) =>
        BinaryPrimitives.ReadUInt32BigEndian(hash[(hash[^1] & 0x0F)..]) & 0x7FFF_FFFF;

    // The code has been checked to be 4–8 digits, so two codes of one length are equal when their numbers are.
    private static uint ReadDigits(ReadOnlySpan<char> code)
    {
        var number = 0u;
        foreach (var digit in code)
        {
            number = number * 10 + digit - '0';
        }

        return number;
    }

    // Constant divisors become multiplications; the time of a real division may depend on the value.
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
