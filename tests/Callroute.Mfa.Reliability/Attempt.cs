using System.Security.Cryptography;

namespace Callroute.Mfa.Reliability;

/// <summary>An attempt of a user: its id, and the number that the history shows for it, because the id is a secret.</summary>
internal sealed record Attempt(int Number, string Id)
{
    private static int _last;

    public static Attempt Begin() => new(Interlocked.Increment(ref _last), RandomNumberGenerator.GetHexString(32, lowercase: true));

    public override string ToString() => $"{Number}";
}
