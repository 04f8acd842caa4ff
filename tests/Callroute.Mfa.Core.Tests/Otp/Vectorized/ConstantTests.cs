using System.Security.Cryptography;
using Callroute.Mfa.Otp.Vectorized;

namespace Callroute.Mfa.Core.Tests.Otp.Vectorized;

/// <summary>Every bit of every constant of the kernel matters: if one is flipped, the HMAC differs from the platform's.</summary>
public sealed class ConstantTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, 20).Select(i => (byte)i)];
    private static readonly byte[] MovingFactor = [0, 0, 0, 0, 0, 0, 0, 1];

    [Fact]
    public void Compute_AnyBitFlipped_GivesAnotherHmac()
    {
        var expected = HMACSHA1.HashData(Key, MovingFactor);
        uint[][] tables = [Sha1Lanes.InitialHash.ToArray(), Sha1Lanes.Constants.ToArray()];

        var idle = (
            from table in tables
            from index in Enumerable.Range(0, table.Length)
            from bit in Enumerable.Range(0, 8 * sizeof(uint))
            where HmacWithFlipped(tables, table, index, bit).AsSpan().SequenceEqual(expected)
            select (index, bit)).ToArray();

        Assert.Equal([5, 4], tables.Select(table => table.Length));
        Assert.Empty(idle);
        Assert.Equal(expected, Hmac(tables));
    }

    private static byte[] HmacWithFlipped(uint[][] tables, uint[] table, int index, int bit)
    {
        table[index] ^= 1u << bit;
        var mac = Hmac(tables);
        table[index] ^= 1u << bit;
        return mac;
    }

    private static byte[] Hmac(uint[][] tables)
    {
        var mac = new byte[SHA1.HashSizeInBytes];
        new HmacLanes(tables[0], tables[1]).Compute(Key, 1, mac);
        return mac;
    }
}
