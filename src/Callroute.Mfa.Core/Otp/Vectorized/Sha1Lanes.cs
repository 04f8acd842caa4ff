using System.Buffers.Binary;

namespace Callroute.Mfa.Otp.Vectorized;

/// <summary>SHA-1 (FIPS 180-4 §6.1).</summary>
internal readonly struct Sha1Lanes : ILaneHash<uint>
{
    private static readonly uint[] H0 = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];

    private static readonly uint[] K = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];

    public static int HashWords => 5;

    public static int Rounds => 80;

    public static ReadOnlySpan<uint> InitialHash => H0;

    public static ReadOnlySpan<uint> Constants => K;

    public static void Compress<TLanes>(Span<TLanes> hash, Span<TLanes> w, ReadOnlySpan<uint> k)
        where TLanes : unmanaged, ILanes<TLanes, uint>
    {
        var (a, b, c, d, e) = (hash[0], hash[1], hash[2], hash[3], hash[4]);
        var (k0, k1, k2, k3) = (TLanes.Broadcast(k[0]), TLanes.Broadcast(k[1]), TLanes.Broadcast(k[2]), TLanes.Broadcast(k[3]));
        for (var t = 0; t < 20; t++)
        {
            (a, b, c, d, e) = (e + k0 + Word(w, t) + TLanes.Ch(b, c, d) + RotateLeft(a, 5), a, RotateLeft(b, 30), c, d);
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
    private static TLanes Word<TLanes>(Span<TLanes> w, int t)
        where TLanes : unmanaged, ILanes<TLanes, uint>
    {
        if (t < 16)
        {
            return w[t];
        }

        var last = w.Slice(t - 16, 17);
        return last[16] = RotateLeft(last[13] ^ last[8] ^ last[2] ^ last[0], 1);
    }

    private static TLanes Maj<TLanes>(TLanes x, TLanes y, TLanes z)
        where TLanes : unmanaged, ILanes<TLanes, uint> =>
        TLanes.Ch(x ^ y, z, y);

    private static TLanes RotateLeft<TLanes>(TLanes x, int bits)
        where TLanes : unmanaged, ILanes<TLanes, uint> =>
        TLanes.RotateRight(x, 32 - bits);

    public static uint ReadWord(ReadOnlySpan<byte> source) => BinaryPrimitives.ReadUInt32BigEndian(source);

    public static void WriteWord(Span<byte> destination, uint word) => BinaryPrimitives.WriteUInt32BigEndian(destination, word);
}
