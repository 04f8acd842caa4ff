using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Callroute.Mfa.Secrets;

/// <summary>The one comparison of secret values: its time depends on the length alone.</summary>
internal static class FixedTime
{
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        CryptographicOperations.FixedTimeEquals(left, right);

    public static bool AreEqual(ReadOnlySpan<char> left, ReadOnlySpan<char> right) =>
        AreEqual(MemoryMarshal.AsBytes(left), MemoryMarshal.AsBytes(right));
}
