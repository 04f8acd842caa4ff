using System.Security.Cryptography;

namespace Callroute.Mfa;

/// <summary>The one comparison of secret values: its time depends on the length alone.</summary>
internal static class FixedTime
{
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        CryptographicOperations.FixedTimeEquals(left, right);

    // Only equal numbers give a difference of 0, and only 0 less 1 has the sign bit. No byte is looked at by itself.
    public static bool AreEqual(uint left, uint right) => (((long)(left ^ right) - 1) >> 63) != 0;
}
