using System.Security.Cryptography;

namespace Callroute.Mfa.Testing.Tests.Zoo.Bench;

/// <summary>Makes texts of the form of a recovery code.</summary>
internal static class RecoveryCodeText
{
    private const int Length = 24;

    public static string New() => string.Join('-', RandomNumberGenerator.GetString("0123456789ABCDEFGHJKMNPQRSTVWXYZ", Length).Chunk(4).Select(group => new string(group)));

    public static bool IsOne(string response) => response.Length >= Length;
}
