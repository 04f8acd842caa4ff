using System.Security.Cryptography;
using System.Text;

namespace Callroute.Mfa.Core.Tests.Rfc;

// RFC 2202 §3: HMAC-SHA-1, against the platform function that the engine uses.
public class Rfc2202Tests
{
    public static TheoryData<int, byte[], byte[], string> Section3 => new()
    {
        { 1, Repeated(0x0b, 20), Ascii("Hi There"), "b617318655057264e28bc0b6fb378c8ef146be00" },
        { 2, Ascii("Jefe"), Ascii("what do ya want for nothing?"), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79" },
        { 3, Repeated(0xaa, 20), Repeated(0xdd, 50), "125d7342b9ac11cd91a39af48aa17b4f63f175d3" },
        { 4, Convert.FromHexString("0102030405060708090a0b0c0d0e0f10111213141516171819"), Repeated(0xcd, 50), "4c9007f4026250c6bc8414f9bf50c86c2d7235da" },
        { 5, Repeated(0x0c, 20), Ascii("Test With Truncation"), "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04" },
        { 6, Repeated(0xaa, 80), Ascii("Test Using Larger Than Block-Size Key - Hash Key First"), "aa4ae5e15272d00e95705637ce8a3b55ed402112" },
        { 7, Repeated(0xaa, 80), Ascii("Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data"), "e8e99d0f45237d786d6bbaa7965c7808bbff1a91" },
    };

    [Theory]
    [MemberData(nameof(Section3), DisableDiscoveryEnumeration = true)]
    public void HmacSha1_Section3_GivesTheDigest(int testCase, byte[] key, byte[] data, string digest)
    {
        var actual = HMACSHA1.HashData(key, data);

        Assert.True(digest == Convert.ToHexStringLower(actual), $"test_case = {testCase}");
    }

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    private static byte[] Repeated(byte value, int count) => [.. Enumerable.Repeat(value, count)];
}
