using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Core.Tests.Otp;

public class SharedSecretTests
{
    // RFC 6238 §5.1: as long as the output of the hash. Sizes are bytes, not Base32 characters (CVE-2024-8796).
    [Theory]
    [InlineData(OtpAlgorithm.Sha1, 20)]
    [InlineData(OtpAlgorithm.Sha256, 32)]
    [InlineData(OtpAlgorithm.Sha512, 64)]
    public void Generate_Algorithm_GivesTheSizeOfItsHash(OtpAlgorithm algorithm, int size)
    {
        using var secret = SharedSecret.Generate(algorithm);

        Assert.Equal(size, secret.Size);
        Assert.Equal(size, Base32.Decode(secret.RevealBase32()).Length);
    }

    [Fact]
    public void Generate_Default_IsTwentyBytes()
    {
        using var secret = SharedSecret.Generate();

        Assert.Equal(20, secret.Size);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(128)]
    public void Generate_SizeInRange_IsTaken(int size)
    {
        using var secret = SharedSecret.Generate(OtpAlgorithm.Sha256, size);

        Assert.Equal(size, secret.Size);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(129)]
    [InlineData(0)]
    [InlineData(-1)]
    public void Generate_SizeOutOfRange_NamesParameterAndRange(int size)
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>("sizeInBytes", () => SharedSecret.Generate(OtpAlgorithm.Sha1, size));

        Assert.StartsWith("sizeInBytes must be 16–128, was ", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(20)]
    public void Generate_UndefinedAlgorithm_IsRefused(int? size) =>
        Assert.Throws<ArgumentOutOfRangeException>("algorithm", () => SharedSecret.Generate((OtpAlgorithm)3, size));

    // 128 bits of each are compared: a duplicate would mean a broken generator, not chance.
    [Fact]
    public void Generate_AMillionTimes_HasNoDuplicate()
    {
        const int Count = 1_000_000;
        var seen = new HashSet<UInt128>(Count);

        for (var i = 0; i < Count; i++)
        {
            using var secret = SharedSecret.Generate();
            seen.Add(MemoryMarshal.Read<UInt128>(secret.Key));
        }

        Assert.Equal(Count, seen.Count);
    }

    [Fact]
    public void FromBytes_Array_IsCopied()
    {
        var bytes = new byte[20];
        using var secret = SharedSecret.FromBytes(bytes);

        bytes[0] = 1;

        Assert.Equal(0, secret.Key[0]);
    }

    [Theory]
    [InlineData(15, 16)]
    [InlineData(10, 16)]
    [InlineData(0, 16)]
    [InlineData(0, 1)]
    [InlineData(129, 16)]
    public void FromBytes_SizeOutOfRange_NamesParameterAndRange(int size, int minimumSize)
    {
        var exception = Assert.Throws<ArgumentException>("key", () => SharedSecret.FromBytes(new byte[size], minimumSize));

        Assert.Contains($"{minimumSize}–128 bytes long, was {size}", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, 10)]
    [InlineData(1, 1)]
    [InlineData(128, 1)]
    public void FromBytes_LowerMinimum_OptsIn(int size, int minimumSize)
    {
        using var secret = SharedSecret.FromBytes(new byte[size], minimumSize);

        Assert.Equal(size, secret.Size);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(129)]
    public void FromBytes_MinimumOutOfRange_NamesParameterAndRange(int minimumSize)
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>(
            nameof(minimumSize), () => SharedSecret.FromBytes(new byte[20], minimumSize));

        Assert.StartsWith("minimumSize must be 1–128, was ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CopyTo_Buffer_GivesTheBytes()
    {
        using var secret = RfcSeed.Sha1();
        var buffer = new byte[20];

        secret.CopyTo(buffer);

        Assert.Equal("12345678901234567890"u8.ToArray(), buffer);
        Assert.Throws<ArgumentException>(() => secret.CopyTo(new byte[19]));
    }

    [Fact]
    public void Dispose_Secret_ZeroesTheBytesAndEndsUse()
    {
        var secret = RfcSeed.Sha1();
        var bytes = (byte[])typeof(SharedSecret).GetField("_key", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(secret)!;
        Assert.NotEqual(new byte[20], bytes);

        secret.Dispose();
        secret.Dispose();

        Assert.Equal(new byte[20], bytes);
        Assert.Throws<ObjectDisposedException>(() => secret.Key.Length);
        Assert.Throws<ObjectDisposedException>(() => secret.CopyTo(new byte[20]));
        Assert.Throws<ObjectDisposedException>(secret.RevealBase32);
    }

    [Fact]
    public void ToStringAndJson_Secret_TellTheSizeOnly()
    {
        using var secret = RfcSeed.Sha1();
        var display = typeof(SharedSecret).GetCustomAttribute<DebuggerDisplayAttribute>()!.Value;

        Assert.Equal("SharedSecret (20 bytes)", secret.ToString());
        Assert.Equal("""{"Size":20}""", JsonSerializer.Serialize(secret));
        Assert.Equal("{ToString(),nq}", display);
    }

    [Fact]
    public void RentHmac_AfterItIsReturned_GivesItAgainForTheSameAlgorithm()
    {
        using var secret = RfcSeed.Sha1();
        var first = secret.RentHmac(OtpAlgorithm.Sha1);
        var meanwhile = secret.RentHmac(OtpAlgorithm.Sha1);
        secret.ReturnHmac(first);

        var second = secret.RentHmac(OtpAlgorithm.Sha1);
        secret.ReturnHmac(second);
        using var other = secret.RentHmac(OtpAlgorithm.Sha256);

        Assert.NotSame(first, meanwhile);
        Assert.Same(first, second);
        Assert.Equal(32, other.HashLengthInBytes);
        Assert.Throws<ObjectDisposedException>(first.GetCurrentHash);
        meanwhile.Dispose();
    }

    [Fact]
    public void ReturnHmac_WhileOneIsKept_KeepsOneAndDisposesTheOther()
    {
        using var secret = RfcSeed.Sha1();
        var first = secret.RentHmac(OtpAlgorithm.Sha1);
        var second = secret.RentHmac(OtpAlgorithm.Sha1);

        secret.ReturnHmac(first);
        secret.ReturnHmac(second);

        Assert.Throws<ObjectDisposedException>(first.GetCurrentHash);
        Assert.Same(second, secret.RentHmac(OtpAlgorithm.Sha1));
        second.Dispose();
    }

    [Fact]
    public void Dispose_WithAKeptHmac_EndsItToo()
    {
        var secret = RfcSeed.Sha1();
        var hmac = secret.RentHmac(OtpAlgorithm.Sha1);
        secret.ReturnHmac(hmac);

        secret.Dispose();

        Assert.Throws<ObjectDisposedException>(hmac.GetCurrentHash);
        Assert.Throws<ObjectDisposedException>(() => secret.RentHmac(OtpAlgorithm.Sha1));
    }

    // All threads compute with one secret, by all algorithms in turn, so the stored HMAC always comes from another thread.
    [Fact]
    public void Verify_ByManyThreadsAtOnce_IsRightForEveryOne()
    {
        using var secret = RfcSeed.Sha1();
        var wrong = 0;

        Parallel.For(0, 20_000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i =>
        {
            var parameters = new TotpParameters { Algorithm = (OtpAlgorithm)(i % 3), Digits = 8 };
            var code = (i % 3) switch { 0 => "94287082", 1 => "32247374", _ => "69342147" };
            var match = Totp.Verify(secret, parameters, code, DateTimeOffset.FromUnixTimeSeconds(59), 1, 1);
            Interlocked.Add(ref wrong, match == 1 ? 0 : 1);
        });

        Assert.Equal(0, wrong);
    }
}
