using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Callroute.Mfa.Otp.Vectorized;

/// <summary>
/// Computes all HMACs of a window at the same time, in the lanes of vector registers. It is opt-in: the platform's HMAC is the default.
/// </summary>
internal static class VectorizedHmac
{
    /// <summary>The value of the AppContext switch, read once.</summary>
    public static bool IsSwitchedOn { get; } = AppContext.TryGetSwitch("Callroute.Mfa.VectorizedHmac", out var isOn) && isOn;

    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    /// <param name="key">The secret.</param>
    /// <param name="algorithm">The hash under the HMAC.</param>
    /// <param name="first">The first moving factor; after the largest long comes the smallest.</param>
    /// <param name="macs">Receives the HMACs of consecutive factors, until it is full.</param>
    public static void Compute(scoped ReadOnlySpan<byte> key, OtpAlgorithm algorithm, long first, Span<byte> macs)
    {
        Span<byte> hashed = stackalloc byte[HmacOtp.MaximumHashSize];
        if (key.Length > BlockSize(algorithm))
        {
            // RFC 2104 §3: a longer key is hashed first. The platform does that.
            key = hashed[..CryptographicOperations.HashData(PlatformHmac.Name(algorithm), key, hashed)];
        }

        switch (algorithm)
        {
            case OtpAlgorithm.Sha1:
                Compute<Sha1Lanes, uint>(key, first, macs, macs.Length / SHA1.HashSizeInBytes);
                break;
            case OtpAlgorithm.Sha256:
                Compute<Sha256Lanes, uint>(key, first, macs, macs.Length / SHA256.HashSizeInBytes);
                break;
            case OtpAlgorithm.Sha512:
                Compute<Sha512Lanes, ulong>(key, first, macs, macs.Length / SHA512.HashSizeInBytes);
                break;
            default:
                throw new UnreachableException();
        }

        CryptographicOperations.ZeroMemory(hashed);
    }

    // The narrowest register that holds the window, or else the widest that is fast on this processor.
    private static void Compute<THash, TWord>(ReadOnlySpan<byte> key, long first, Span<byte> macs, int count)
        where THash : ILaneHash<TWord>
        where TWord : unmanaged
    {
        if (Vector512.IsHardwareAccelerated && count > Vector256<TWord>.Count)
        {
            HmacLanes<THash, TWord, Lanes512<TWord>>.Compute(key, first, macs);
        }
        else if (Vector256.IsHardwareAccelerated && count > Vector128<TWord>.Count)
        {
            HmacLanes<THash, TWord, Lanes256<TWord>>.Compute(key, first, macs);
        }
        else
        {
            HmacLanes<THash, TWord, Lanes128<TWord>>.Compute(key, first, macs);
        }
    }

    private static int BlockSize(OtpAlgorithm algorithm) => algorithm == OtpAlgorithm.Sha512 ? 128 : 64;
}
