using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;

namespace Callroute.Mfa.Otp;

/// <summary>Computes the HMACs of a window one after another, with the platform's validated implementation.</summary>
internal static class PlatformHmac
{
    /// <param name="secret">The secret.</param>
    /// <param name="algorithm">The hash under the HMAC.</param>
    /// <param name="first">The first moving factor. The factor after <see cref="long.MaxValue"/> is <see cref="long.MinValue"/>.</param>
    /// <param name="macs">Receives the HMACs of consecutive factors, until it is full.</param>
    public static void Compute(SharedSecret secret, OtpAlgorithm algorithm, long first, Span<byte> macs)
    {
        Span<byte> message = stackalloc byte[sizeof(long)];
        var size = HmacOtp.HashSize(algorithm);
        var hmac = secret.RentHmac(algorithm);
        for (; macs.Length > 0; macs = macs[size..])
        {
            // RFC 4226 §5.2: the moving factor is eight bytes, high-order byte first.
            BinaryPrimitives.WriteInt64BigEndian(message, first);
            hmac.AppendData(message);
            hmac.GetHashAndReset(macs[..size]);
            first = unchecked(first + 1);
        }

        secret.ReturnHmac(hmac);
    }

    public static HashAlgorithmName Name(OtpAlgorithm algorithm) => algorithm switch
    {
        OtpAlgorithm.Sha1 => HashAlgorithmName.SHA1,
        OtpAlgorithm.Sha256 => HashAlgorithmName.SHA256,
        OtpAlgorithm.Sha512 => HashAlgorithmName.SHA512,
        _ => throw new UnreachableException(),
    };
}
