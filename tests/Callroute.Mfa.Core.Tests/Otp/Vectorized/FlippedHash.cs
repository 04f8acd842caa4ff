using Callroute.Mfa.Otp.Vectorized;

namespace Callroute.Mfa.Core.Tests.Otp.Vectorized;

/// <summary>
/// A hash of the kernel with its tables replaced: the kernel takes them from a type parameter, and this type replaces it.
/// </summary>
internal readonly struct FlippedHash<THash, TWord> : ILaneHash<TWord>
    where THash : ILaneHash<TWord>
    where TWord : unmanaged
{
    [ThreadStatic]
    private static TWord[]? _initialHash;

    [ThreadStatic]
    private static TWord[]? _constants;

    public static int HashWords => THash.HashWords;

    public static int Rounds => THash.Rounds;

    public static ReadOnlySpan<TWord> InitialHash => _initialHash;

    public static ReadOnlySpan<TWord> Constants => _constants;

    /// <summary>The tables of the hash that this thread uses. A test flips a bit in them.</summary>
    public static TWord[][] ResetTables() => [_initialHash = THash.InitialHash.ToArray(), _constants = THash.Constants.ToArray()];

    public static void Compress<TLanes>(Span<TLanes> hash, Span<TLanes> w, ReadOnlySpan<TWord> k)
        where TLanes : unmanaged, ILanes<TLanes, TWord> =>
        THash.Compress(hash, w, k);

    public static TWord ReadWord(ReadOnlySpan<byte> source) => THash.ReadWord(source);

    public static void WriteWord(Span<byte> destination, TWord word) => THash.WriteWord(destination, word);
}
