using System.Security.Cryptography;

namespace Callroute.Mfa;

/// <summary>The only comparison of secret values. Its time depends only on the length.</summary>
internal static class FixedTime
{
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        CryptographicOperations.FixedTimeEquals(left, right);

    // Equal numbers have the difference 0, and 0 − 1 is the only result with the sign bit. There is no branch.
    public static bool AreEqual(uint left, uint right) => (((long)(left ^ right) - 1) >> 63) != 0;
}
