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
        Span<byte> message = stackalloc byte[sizeof(long)];
        Span<byte> hash = stackalloc byte[MaximumHashSize];
        BinaryPrimitives.WriteInt64BigEndian(message, movingFactor);
        var size = Hmac(key, algorithm, message, hash);
        WriteDigits(Truncate(hash[..size]), code);
        CryptographicOperations.ZeroMemory(hash);
    }

    /// <summary>
    /// Compares a code with every moving factor from <paramref name="first"/> to <paramref name="last"/> and gives the
    /// highest that matches. The whole range is always computed, so the time tells nothing about a miss.
    /// </summary>
    public static long? HighestMatch(SharedSecret secret, OtpAlgorithm algorithm, ReadOnlySpan<char> code, long first, long last)
    {
        var key = secret.Key;
        long? match = null;
        Span<char> expected = stackalloc char[MaximumDigits];
        expected = expected[..code.Length];
        for (var movingFactor = first; ; movingFactor++)
        {
            Compute(key, algorithm, movingFactor, expected);
            if (FixedTime.AreEqual(expected, code))
            {
                match = movingFactor;
            }

            // Not a loop condition: 'last' may be the greatest long.
            if (movingFactor == last)
            {
                return match;
            }
        }
    }

    private static int Hmac(ReadOnlySpan<byte> key, OtpAlgorithm algorithm, ReadOnlySpan<byte> message, Span<byte> hash) => algorithm switch
    {
        OtpAlgorithm.Sha1 => HMACSHA1.HashData(key, message, hash),
        OtpAlgorithm.Sha256 => HMACSHA256.HashData(key, message, hash),
        OtpAlgorithm.Sha512 => HMACSHA512.HashData(key, message, hash),
        _ => throw new UnreachableException(),
    };

    // RFC 4226 §5.3: the offset is in the last byte of the hash, whatever its size; the sign bit is dropped.
    private static uint Truncate(ReadOnlySpan<byte> hash) =>
        BinaryPrimitives.ReadUInt32BigEndian(hash[(hash[^1] & 0x0F)..]) & 0x7FFF_FFFF;

    private static void WriteDigits(uint value, Span<char> code)
    {
        for (var i = code.Length - 1; i >= 0; i--)
        {
            code[i] = (char)('0' + value % 10);
            value /= 10;
        }
    }
}
