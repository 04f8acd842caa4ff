using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Callroute.Mfa.Otp.Vectorized;

/// <summary>
/// Computes the HMAC-SHA-1 of several steps at the same time, in the lanes of vector registers. It is opt-in: the platform's HMAC is the
/// default.
/// </summary>
internal static class VectorizedHmac
{
    /// <summary>The value of the AppContext switch, read once.</summary>
    public static bool IsSwitchedOn { get; } = AppContext.TryGetSwitch("Callroute.Mfa.VectorizedHmac", out var isOn) && isOn;

    /// <summary>Whether it computes HMACs of this algorithm, and fast.</summary>
    public static bool Supports(OtpAlgorithm algorithm) => algorithm == OtpAlgorithm.Sha1 && Vector128.IsHardwareAccelerated;

    /// <param name="key">The secret.</param>
    /// <param name="first">The first moving factor; after the largest long comes the smallest.</param>
    /// <param name="macs">Receives the HMACs of consecutive factors, until it is full.</param>
    public static void Compute(scoped ReadOnlySpan<byte> key, long first, Span<byte> macs)
    {
        Span<byte> hashed = stackalloc byte[SHA1.HashSizeInBytes];
        if (key.Length > HmacLanes.BlockSize)
        {
            // RFC 2104 §3: a longer key is hashed first. The platform does that.
            key = hashed[..SHA1.HashData(key, hashed)];
        }

        new HmacLanes(Sha1Lanes.InitialHash, Sha1Lanes.Constants).Compute(key, first, macs);
        CryptographicOperations.ZeroMemory(hashed);
    }
}
