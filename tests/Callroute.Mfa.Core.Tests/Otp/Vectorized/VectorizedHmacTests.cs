using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Otp.Vectorized;

namespace Callroute.Mfa.Core.Tests.Otp.Vectorized;

/// <summary>
/// Compares the kernel with the platform's HMAC. <see cref="ChildProcessTests"/> runs this class three times again, with fewer instructions
/// of the processor: more than 30,000 random keys in all.
/// </summary>
public sealed class VectorizedHmacTests
{
    public const string WidthVariable = "CALLROUTE_VECTOR_BITS";

    private const int LongestKey = 200;
    private const int WidestWindow = 40;

    // Fewer without vectors, because the kernel is then slow and not used.
    private static int Keys => VectorBits == 0 ? 2_000 : 10_000;

    public static int VectorBits =>
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;

    [Fact]
    public void Registers_OfThisProcess_AreAsWideAsAskedFor()
    {
        var asked = Environment.GetEnvironmentVariable(WidthVariable) ?? VectorBits.ToString(CultureInfo.InvariantCulture);

        Assert.Equal(asked, VectorBits.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(asked != "0", VectorizedHmac.Supports(OtpAlgorithm.Sha1));
        Assert.False(VectorizedHmac.Supports(OtpAlgorithm.Sha256));
        Assert.False(VectorizedHmac.Supports(OtpAlgorithm.Sha512));
    }

    // Keys of 0–200 bytes, so longer than a block too; any step of 64 bits; windows that need one round of lanes and several.
    [Fact]
    public void Compute_RandomKeysStepsAndWindows_EqualsThePlatform()
    {
        for (var i = 0; i < Keys; i++)
        {
            var key = RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(LongestKey + 1));
            var count = 1 + RandomNumberGenerator.GetInt32(i % 10 == 0 ? WidestWindow : 4);
            AssertEqualsThePlatform(key, RandomStep(), count);
        }
    }

    [Fact]
    public void Compute_EveryKeyLengthAndEdgesOfTheSteps_EqualsThePlatform()
    {
        long[] firsts = [0, -1, uint.MaxValue - 1L, int.MaxValue, long.MinValue, long.MaxValue - 1];
        for (var length = 0; length <= LongestKey; length++)
        {
            var key = RandomNumberGenerator.GetBytes(length);
            Assert.All(firsts, first => AssertEqualsThePlatform(key, first, 3));
        }
    }

    [Fact]
    public void Compute_Rfc4226AppendixD_GivesTheIntermediateValues()
    {
        var macs = new byte[10 * SHA1.HashSizeInBytes];

        VectorizedHmac.Compute("12345678901234567890"u8, 0, macs);

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

    [Fact]
    public void Compute_AnyWindow_AllocatesNothing()
    {
        var key = RandomNumberGenerator.GetBytes(150);
        var macs = new byte[41 * SHA1.HashSizeInBytes];

        Assert.Equal(0, Allocated.By(() => VectorizedHmac.Compute(key, 1, macs)));
    }

    private static void AssertEqualsThePlatform(byte[] key, long first, int count)
    {
        var macs = new byte[count * SHA1.HashSizeInBytes];

        VectorizedHmac.Compute(key, first, macs);

        Assert.True(
            Platform(key, first, count).AsSpan().SequenceEqual(macs),
            $"Key {Convert.ToHexString(key)}, first step {first}, {count} steps");
    }

    private static byte[] Platform(byte[] key, long first, int count) =>
        [.. Enumerable.Range(0, count).SelectMany(i => Platform(key, unchecked(first + i)))];

    private static byte[] Platform(byte[] key, long step)
    {
        var message = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(message, step);
        return HMACSHA1.HashData(key, message);
    }

    private static long RandomStep() => BinaryPrimitives.ReadInt64BigEndian(RandomNumberGenerator.GetBytes(sizeof(long)));
}
