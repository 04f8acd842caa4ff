using System.Runtime.Intrinsics;

namespace Callroute.Mfa.Otp.Vectorized;

/// <summary>Lanes in a register of 512 bits.</summary>
internal readonly struct Lanes512<TWord>(Vector512<TWord> words) : ILanes<Lanes512<TWord>, TWord>
    where TWord : unmanaged
{
    private readonly Vector512<TWord> _words = words;

    public static int Count => Vector512<TWord>.Count;

    public static Lanes512<TWord> Broadcast(TWord word) => new(Vector512.Create(word));

    public static Lanes512<TWord> operator +(Lanes512<TWord> x, Lanes512<TWord> y) => new(x._words + y._words);

    public static Lanes512<TWord> operator ^(Lanes512<TWord> x, Lanes512<TWord> y) => new(x._words ^ y._words);

    public static Lanes512<TWord> operator >>>(Lanes512<TWord> x, int bits) => new(x._words >>> bits);

    public static Lanes512<TWord> RotateRight(Lanes512<TWord> x, int bits) => new(Rotation.Right(x._words, bits));

    public static Lanes512<TWord> Ch(Lanes512<TWord> x, Lanes512<TWord> y, Lanes512<TWord> z) =>
        new(Vector512.ConditionalSelect(x._words, y._words, z._words));
}
