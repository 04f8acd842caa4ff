using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Callroute.Mfa.Otp.Vectorized;

/// <summary>
/// Rotates every word of a register to the right. The compiler does not turn two shifts into the one rotation instruction of AVX-512. That
/// instruction saves a quarter of the time of SHA-256 and SHA-512.
/// </summary>
internal static class Rotation
{
#pragma warning disable CA1857 // After inlining, the number of bits is a constant for every caller.
    public static Vector128<TWord> Right<TWord>(Vector128<TWord> x, int bits)
        where TWord : unmanaged =>
        !Avx512F.VL.IsSupported ? (x >>> bits) | (x << (BitsOf<TWord>() - bits))
        : BitsOf<TWord>() == 32 ? Avx512F.VL.RotateRight(x.AsUInt32(), (byte)bits).As<uint, TWord>()
        : Avx512F.VL.RotateRight(x.AsUInt64(), (byte)bits).As<ulong, TWord>();

    public static Vector256<TWord> Right<TWord>(Vector256<TWord> x, int bits)
        where TWord : unmanaged =>
        !Avx512F.VL.IsSupported ? (x >>> bits) | (x << (BitsOf<TWord>() - bits))
        : BitsOf<TWord>() == 32 ? Avx512F.VL.RotateRight(x.AsUInt32(), (byte)bits).As<uint, TWord>()
        : Avx512F.VL.RotateRight(x.AsUInt64(), (byte)bits).As<ulong, TWord>();

    public static Vector512<TWord> Right<TWord>(Vector512<TWord> x, int bits)
        where TWord : unmanaged =>
        !Avx512F.IsSupported ? (x >>> bits) | (x << (BitsOf<TWord>() - bits))
        : BitsOf<TWord>() == 32 ? Avx512F.RotateRight(x.AsUInt32(), (byte)bits).As<uint, TWord>()
        : Avx512F.RotateRight(x.AsUInt64(), (byte)bits).As<ulong, TWord>();
#pragma warning restore CA1857

    private static int BitsOf<TWord>()
        where TWord : unmanaged =>
        8 * Unsafe.SizeOf<TWord>();
}
