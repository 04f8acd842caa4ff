using System.Globalization;
using System.Security.Cryptography;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Core.Tests;

/// <summary>RFC 4226 §5.3 spelled out a second time, slowly and in other words, to compare the engine with.</summary>
internal static class ReferenceOtp
{
    public static string Code(byte[] key, OtpAlgorithm algorithm, long movingFactor, int digits)
    {
        var message = Enumerable.Range(0, 8).Select(i => (byte)((movingFactor >> (56 - 8 * i)) & 0xFF)).ToArray();
        using var hmac = IncrementalHash.CreateHMAC(NameOf(algorithm), key);
        hmac.AppendData(message);
        var hash = hmac.GetHashAndReset();
        var offset = hash[^1] % 16;
        var number = hash.Skip(offset).Take(4).Aggregate(0L, (sum, value) => sum * 256 + value) % 0x8000_0000L;
        var text = number.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
        return text[^digits..];
    }

    private static HashAlgorithmName NameOf(OtpAlgorithm algorithm) => algorithm switch
    {
        OtpAlgorithm.Sha1 => HashAlgorithmName.SHA1,
        OtpAlgorithm.Sha256 => HashAlgorithmName.SHA256,
        _ => HashAlgorithmName.SHA512,
    };
}
