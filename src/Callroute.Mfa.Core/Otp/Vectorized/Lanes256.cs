using System.Runtime.Intrinsics;

namespace Callroute.Mfa.Otp.Vectorized;

/// <summary>Lanes in a register of 256 bits.</summary>
internal readonly struct Lanes256<TWord>(Vector256<TWord> words) : ILanes<Lanes256<TWord>, TWord>
    where TWord : unmanaged
{
    private readonly Vector256<TWord> _words = words;

    public static int Count => Vector256<TWord>.Count;

    public static Lanes256<TWord> Broadcast(TWord word) => new(Vector256.Create(word));

    public static Lanes256<TWord> operator +(Lanes256<TWord> x, Lanes256<TWord> y) => new(x._words + y._words);

    public static Lanes256<TWord> operator ^(Lanes256<TWord> x, Lanes256<TWord> y) => new(x._words ^ y._words);

    public static Lanes256<TWord> operator >>>(Lanes256<TWord> x, int bits) => new(x._words >>> bits);

    public static Lanes256<TWord> RotateRight(Lanes256<TWord> x, int bits) => new(Rotation.Right(x._words, bits));

    public static Lanes256<TWord> Ch(Lanes256<TWord> x, Lanes256<TWord> y, Lanes256<TWord> z) =>
        new(Vector256.ConditionalSelect(x._words, y._words, z._words));
}
