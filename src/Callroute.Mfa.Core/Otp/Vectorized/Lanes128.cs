using System.Runtime.Intrinsics;

namespace Callroute.Mfa.Otp.Vectorized;

/// <summary>Lanes in a register of 128 bits.</summary>
internal readonly struct Lanes128<TWord>(Vector128<TWord> words) : ILanes<Lanes128<TWord>, TWord>
    where TWord : unmanaged
{
    private readonly Vector128<TWord> _words = words;

    public static int Count => Vector128<TWord>.Count;

    public static Lanes128<TWord> Broadcast(TWord word) => new(Vector128.Create(word));

    public static Lanes128<TWord> operator +(Lanes128<TWord> x, Lanes128<TWord> y) => new(x._words + y._words);

    public static Lanes128<TWord> operator ^(Lanes128<TWord> x, Lanes128<TWord> y) => new(x._words ^ y._words);

    public static Lanes128<TWord> operator >>>(Lanes128<TWord> x, int bits) => new(x._words >>> bits);

    public static Lanes128<TWord> RotateRight(Lanes128<TWord> x, int bits) => new(Rotation.Right(x._words, bits));

    public static Lanes128<TWord> Ch(Lanes128<TWord> x, Lanes128<TWord> y, Lanes128<TWord> z) =>
        new(Vector128.ConditionalSelect(x._words, y._words, z._words));
}
