using System.Runtime.Intrinsics;

namespace Callroute.Mfa.Otp.Vectorized;

/// <summary>
/// SHA-1 (FIPS 180-4 §6.1) of four messages at the same time. A register holds one word of each message, side by side, and every operation
/// applies to the words of all messages. The names come from the standard.
/// </summary>
internal static class Sha1Lanes
{
    /// <summary>The number of words of a hash value.</summary>
    public const int HashWords = 5;

    /// <summary>The number of rounds, and of words of the message schedule.</summary>
    public const int Rounds = 80;

    /// <summary>H(0), the initial hash value (§5.3.1).</summary>
    public static ReadOnlySpan<uint> InitialHash => [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];

    /// <summary>K, the constants of the rounds (§4.2.1).</summary>
    public static ReadOnlySpan<uint> Constants => [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];

    /// <summary>Adds one block of every message to its hash value (§6.1.2).</summary>
    /// <param name="hash">H, which becomes the next H.</param>
    /// <param name="w">W, the message schedule: the 16 words of the block, and room for the others.</param>
    /// <param name="k">K.</param>
    public static void Compress(Span<Vector128<uint>> hash, Span<Vector128<uint>> w, ReadOnlySpan<uint> k)
    {
        var (a, b, c, d, e) = (hash[0], hash[1], hash[2], hash[3], hash[4]);
        var (k0, k1, k2, k3) = (Vector128.Create(k[0]), Vector128.Create(k[1]), Vector128.Create(k[2]), Vector128.Create(k[3]));
        for (var t = 0; t < 20; t++)
        {
            (a, b, c, d, e) = (e + k0 + Word(w, t) + Ch(b, c, d) + RotateLeft(a, 5), a, RotateLeft(b, 30), c, d);
        }

        for (var t = 20; t < 40; t++)
        {
            (a, b, c, d, e) = (e + k1 + Word(w, t) + (b ^ c ^ d) + RotateLeft(a, 5), a, RotateLeft(b, 30), c, d);
        }

        for (var t = 40; t < 60; t++)
        {
            (a, b, c, d, e) = (e + k2 + Word(w, t) + Maj(b, c, d) + RotateLeft(a, 5), a, RotateLeft(b, 30), c, d);
        }

        for (var t = 60; t < 80; t++)
        {
            (a, b, c, d, e) = (e + k3 + Word(w, t) + (b ^ c ^ d) + RotateLeft(a, 5), a, RotateLeft(b, 30), c, d);
        }

        hash[0] += a;
        hash[1] += b;
        hash[2] += c;
        hash[3] += d;
        hash[4] += e;
    }

    // §6.1.2, step 1: the first 16 words are those of the block; each other word is computed from the 16 words before it.
    private static Vector128<uint> Word(Span<Vector128<uint>> w, int t)
    {
        if (t < 16)
        {
            return w[t];
        }

        var last = w.Slice(t - 16, 17);
        return last[16] = RotateLeft(last[13] ^ last[8] ^ last[2] ^ last[0], 1);
    }

    private static Vector128<uint> Ch(Vector128<uint> x, Vector128<uint> y, Vector128<uint> z) => Vector128.ConditionalSelect(x, y, z);

    private static Vector128<uint> Maj(Vector128<uint> x, Vector128<uint> y, Vector128<uint> z) => Ch(x ^ y, z, y);

    private static Vector128<uint> RotateLeft(Vector128<uint> x, int bits) => (x << bits) | (x >>> (32 - bits));
}
