using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Otp.Vectorized;

namespace Callroute.Mfa.Core.Tests.Otp.Vectorized;

/// <summary>
/// Compares the kernel with the platform's HMAC. <see cref="LaneWidthTests"/> runs this class four times again, on narrower registers: more
/// than 100,000 random keys in all.
/// </summary>
public sealed class VectorizedHmacTests
{
    public const string WidthVariable = "CALLROUTE_VECTOR_BITS";

    private const int LongestKey = 200;
    private const int WidestWindow = 40;

    // Fewer without vectors, because the kernel is then slow and not used.
    private static int KeysAnAlgorithm => VectorBits == 0 ? 2_000 : 8_000;

    public static int VectorBits =>
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;

    [Fact]
    public void Registers_OfThisProcess_AreAsWideAsAskedFor()
    {
        var asked = Environment.GetEnvironmentVariable(WidthVariable) ?? VectorBits.ToString(CultureInfo.InvariantCulture);

        Assert.Equal(asked, VectorBits.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(asked != "0", VectorizedHmac.IsSupported);
    }

    // Keys of 0–200 bytes, so longer than a block too; any step of 64 bits; windows that need one round of lanes and several.
    [Theory]
    [InlineData(OtpAlgorithm.Sha1)]
    [InlineData(OtpAlgorithm.Sha256)]
    [InlineData(OtpAlgorithm.Sha512)]
    public void Compute_RandomKeysStepsAndWindows_EqualsThePlatform(OtpAlgorithm algorithm)
    {
        for (var i = 0; i < KeysAnAlgorithm; i++)
        {
            var key = RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(LongestKey + 1));
            var count = 1 + RandomNumberGenerator.GetInt32(i % 10 == 0 ? WidestWindow : 4);
            AssertEqualsThePlatform(key, algorithm, RandomStep(), count);
        }
    }

    [Theory]
    [InlineData(OtpAlgorithm.Sha1)]
    [InlineData(OtpAlgorithm.Sha256)]
    [InlineData(OtpAlgorithm.Sha512)]
    public void Compute_EveryKeyLengthAndEdgesOfTheSteps_EqualsThePlatform(OtpAlgorithm algorithm)
    {
        long[] firsts = [0, -1, uint.MaxValue - 1L, int.MaxValue, long.MinValue, long.MaxValue - 1];
        for (var length = 0; length <= LongestKey; length++)
        {
            var key = RandomNumberGenerator.GetBytes(length);
            Assert.All(firsts, first => AssertEqualsThePlatform(key, algorithm, first, 3));
        }
    }

    // Every width is right on every processor. A width that the processor does not have runs in software.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(41)]
    [InlineData(101)]
    public void Compute_EveryWidth_EqualsThePlatform(int count)
    {
        var key = RandomNumberGenerator.GetBytes(64);
        var first = RandomStep();

        AssertEveryWidth<Sha1Lanes, uint>(key, first, Platform(key, OtpAlgorithm.Sha1, first, count));
        AssertEveryWidth<Sha256Lanes, uint>(key, first, Platform(key, OtpAlgorithm.Sha256, first, count));
        AssertEveryWidth<Sha512Lanes, ulong>(key, first, Platform(key, OtpAlgorithm.Sha512, first, count));
    }

    // RFC 4226 Appendix D, the intermediate values.
    [Fact]
    public void Compute_Rfc4226AppendixD_GivesTheIntermediateValues()
    {
        var macs = new byte[10 * SHA1.HashSizeInBytes];

        VectorizedHmac.Compute("12345678901234567890"u8, OtpAlgorithm.Sha1, 0, macs);

        Assert.Equal(
            [
                "cc93cf18508d94934c64b65d8ba7667fb7cde4b0", "75a48a19d4cbe100644e8ac1397eea747a2d33ab",
                "0bacb7fa082fef30782211938bc1c5e70416ff44",
                "66c28227d03a2d5529262ff016a1e6ef76557ece", "a904c900a64b35909874b33e61c5938a8e15ed1c",
                "a37e783d7b7233c083d4f62926c7a25f238d0316",
                "bc9cd28561042c83f219324d3c607256c03272ae", "a4fb960c0bc06e1eabb804e5b397cdc4b45596fa",
                "1b3c89f65e6c9e883012052823443f048b4332db",
                "1637409809a679dc698207310c8c7fc07290d9e5",
            ],
            macs.Chunk(SHA1.HashSizeInBytes).Select(Convert.ToHexStringLower));
    }

    [Theory]
    [InlineData(OtpAlgorithm.Sha1, 3)]
    [InlineData(OtpAlgorithm.Sha256, 41)]
    [InlineData(OtpAlgorithm.Sha512, 41)]
    public void Compute_AnyWindow_AllocatesNothing(OtpAlgorithm algorithm, int count)
    {
        var key = RandomNumberGenerator.GetBytes(150);
        var macs = new byte[count * HmacOtp.HashSize(algorithm)];

        Assert.Equal(0, Allocated.By(() => VectorizedHmac.Compute(key, algorithm, 1, macs)));
    }

    private static void AssertEqualsThePlatform(byte[] key, OtpAlgorithm algorithm, long first, int count)
    {
        var macs = new byte[count * HmacOtp.HashSize(algorithm)];

        VectorizedHmac.Compute(key, algorithm, first, macs);

        Assert.True(
            Platform(key, algorithm, first, count).AsSpan().SequenceEqual(macs),
            $"{algorithm}, key {Convert.ToHexString(key)}, first step {first}, {count} steps");
    }

    private static void AssertEveryWidth<THash, TWord>(byte[] key, long first, byte[] expected)
        where THash : ILaneHash<TWord>
        where TWord : unmanaged
    {
        var (narrow, middle, wide) = (new byte[expected.Length], new byte[expected.Length], new byte[expected.Length]);

        HmacLanes<THash, TWord, Lanes128<TWord>>.Compute(key, first, narrow);
        HmacLanes<THash, TWord, Lanes256<TWord>>.Compute(key, first, middle);
        HmacLanes<THash, TWord, Lanes512<TWord>>.Compute(key, first, wide);

        Assert.Equal(expected, narrow);
        Assert.Equal(expected, middle);
        Assert.Equal(expected, wide);
    }

    private static byte[] Platform(byte[] key, OtpAlgorithm algorithm, long first, int count) =>
        [.. Enumerable.Range(0, count).SelectMany(i => Platform(key, algorithm, unchecked(first + i)))];

    private static byte[] Platform(byte[] key, OtpAlgorithm algorithm, long step)
    {
        var message = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(message, step);
        return algorithm switch
        {
            OtpAlgorithm.Sha1 => HMACSHA1.HashData(key, message),
            OtpAlgorithm.Sha256 => HMACSHA256.HashData(key, message),
            _ => HMACSHA512.HashData(key, message),
        };
    }

    private static long RandomStep() => BinaryPrimitives.ReadInt64BigEndian(RandomNumberGenerator.GetBytes(sizeof(long)));
}
