namespace Callroute.Mfa.Otp.Vectorized;

/// <summary>A hash function of FIPS 180-4 for several messages at the same time. The names come from the standard.</summary>
internal interface ILaneHash<TWord>
    where TWord : unmanaged
{
    /// <summary>The number of words of a hash value.</summary>
    static abstract int HashWords { get; }

    /// <summary>The number of words of the message schedule. It equals the number of rounds (§6).</summary>
    static abstract int Rounds { get; }

    /// <summary>H(0), the initial hash value (§5.3).</summary>
    static abstract ReadOnlySpan<TWord> InitialHash { get; }

    /// <summary>K, the constants of the rounds (§4.2).</summary>
    static abstract ReadOnlySpan<TWord> Constants { get; }

    /// <summary>Adds one block of every message to its hash value (§6).</summary>
    /// <param name="hash">H, which becomes the next H.</param>
    /// <param name="w">W, the message schedule: the 16 words of the block, and room for the others.</param>
    /// <param name="k">K.</param>
    static abstract void Compress<TLanes>(Span<TLanes> hash, Span<TLanes> w, ReadOnlySpan<TWord> k)
        where TLanes : unmanaged, ILanes<TLanes, TWord>;

    /// <summary>Reads the first word of a text, its high-order byte first (§3.1).</summary>
    static abstract TWord ReadWord(ReadOnlySpan<byte> source);

    /// <summary>Writes a word, its high-order byte first.</summary>
    static abstract void WriteWord(Span<byte> destination, TWord word);
}
