using System.Security.Cryptography;
using System.Text;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Testing.Tests.Zoo.Bench;

/// <summary>A fast keyed hash instead of Argon2id: the rules here do not depend on the cost.</summary>
internal sealed class FastHasher : IRecoveryCodeHasher
{
    public string CreateSettings() => RandomNumberGenerator.GetHexString(32);

    public bool IsCurrent(string settings) => true;

    public Task<byte[]> HashAsync(byte[] input, string settings) =>
        Task.FromResult(HMACSHA256.HashData(Encoding.ASCII.GetBytes(settings), input));
}
