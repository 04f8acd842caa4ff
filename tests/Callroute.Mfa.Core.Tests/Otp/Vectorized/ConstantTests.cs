using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Callroute.Mfa.Otp.Vectorized;

namespace Callroute.Mfa.Core.Tests.Otp.Vectorized;

/// <summary>Every bit of every constant of the kernel matters: if one is flipped, the HMAC differs from the platform's.</summary>
public sealed class ConstantTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, 20).Select(i => (byte)i)];
    private static readonly byte[] MovingFactor = [0, 0, 0, 0, 0, 0, 0, 1];

    [Fact]
    public void Sha1_AnyBitFlipped_GivesAnotherHmac() =>
        AssertEveryBitMatters<Sha1Lanes, uint>(HMACSHA1.HashData(Key, MovingFactor), tableWords: 5 + 4);

    [Fact]
    public void Sha256_AnyBitFlipped_GivesAnotherHmac() =>
        AssertEveryBitMatters<Sha256Lanes, uint>(HMACSHA256.HashData(Key, MovingFactor), tableWords: 8 + 64);

    [Fact]
    public void Sha512_AnyBitFlipped_GivesAnotherHmac() =>
        AssertEveryBitMatters<Sha512Lanes, ulong>(HMACSHA512.HashData(Key, MovingFactor), tableWords: 8 + 80);

    private static void AssertEveryBitMatters<THash, TWord>(byte[] expected, int tableWords)
        where THash : ILaneHash<TWord>
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        var tables = FlippedHash<THash, TWord>.ResetTables();
        var idle = (
            from table in tables
            from index in Enumerable.Range(0, table.Length)
            from bit in Enumerable.Range(0, 8 * Unsafe.SizeOf<TWord>())
            where HmacWithFlipped<THash, TWord>(table, index, bit).AsSpan().SequenceEqual(expected)
            select (index, bit)).ToArray();

        Assert.Equal(tableWords, tables.Sum(table => table.Length));
        Assert.Empty(idle);
        Assert.Equal(expected, Hmac<THash, TWord>());
    }

    private static byte[] HmacWithFlipped<THash, TWord>(TWord[] table, int index, int bit)
        where THash : ILaneHash<TWord>
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        table[index] ^= TWord.One << bit;
        var mac = Hmac<THash, TWord>();
        table[index] ^= TWord.One << bit;
        return mac;
    }

    private static byte[] Hmac<THash, TWord>()
        where THash : ILaneHash<TWord>
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        var mac = new byte[THash.InitialHash.Length * Unsafe.SizeOf<TWord>()];
        HmacLanes<FlippedHash<THash, TWord>, TWord, Lanes128<TWord>>.Compute(Key, 1, mac);
        return mac;
    }
}
