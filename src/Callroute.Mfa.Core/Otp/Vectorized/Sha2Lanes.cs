namespace Callroute.Mfa.Otp.Vectorized;

/// <summary>The computation that SHA-256 and SHA-512 share (FIPS 180-4 §6.2, §6.4).</summary>
internal static class Sha2Lanes
{
    public static void Compress<TFunctions, TWord, TLanes>(Span<TLanes> hash, Span<TLanes> w, ReadOnlySpan<TWord> k)
        where TFunctions : ISha2Functions<TWord>
        where TWord : unmanaged
        where TLanes : unmanaged, ILanes<TLanes, TWord>
    {
        var (a, b, c, d, e, f, g, h) = (hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7]);
        for (var t = 0; t < k.Length; t++)
        {
            var t1 = h + TLanes.Broadcast(k[t]) + Word<TFunctions, TWord, TLanes>(w, t) + TLanes.Ch(e, f, g) + TFunctions.BigSigma1(e);
            var t2 = TFunctions.BigSigma0(a) + Maj<TWord, TLanes>(a, b, c);
            (a, b, c, d, e, f, g, h) = (t1 + t2, a, b, c, d + t1, e, f, g);
        }

        hash[0] += a;
        hash[1] += b;
        hash[2] += c;
        hash[3] += d;
        hash[4] += e;
        hash[5] += f;
        hash[6] += g;
        hash[7] += h;
    }

    // §6.2.2, §6.4.2, step 1: the first 16 words are those of the block; each other word is computed from the 16 words before it.
    private static TLanes Word<TFunctions, TWord, TLanes>(Span<TLanes> w, int t)
        where TFunctions : ISha2Functions<TWord>
        where TWord : unmanaged
        where TLanes : unmanaged, ILanes<TLanes, TWord>
    {
        if (t < 16)
        {
            return w[t];
        }

        var last = w.Slice(t - 16, 17);
        return last[16] = TFunctions.SmallSigma1(last[14]) + last[9] + TFunctions.SmallSigma0(last[1]) + last[0];
    }

    private static TLanes Maj<TWord, TLanes>(TLanes x, TLanes y, TLanes z)
        where TWord : unmanaged
        where TLanes : unmanaged, ILanes<TLanes, TWord> =>
        TLanes.Ch(x ^ y, z, y);
}
