using System.Security.Cryptography;
using System.Text;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Testing.Tests.Zoo.Bench;

/// <summary>A fast keyed hash instead of Argon2id. The rules count how often it runs.</summary>
internal sealed class FastHasher(Setup setup) : IRecoveryCodeHasher
{
    public string CreateSettings() => RandomNumberGenerator.GetHexString(32);

    public bool IsCurrent(string settings) => true;

    public Task<byte[]> HashAsync(byte[] input, string settings)
    {
        setup.CountHashes(1);
        return Task.FromResult(HMACSHA256.HashData(Encoding.ASCII.GetBytes(settings), input));
    }
}
