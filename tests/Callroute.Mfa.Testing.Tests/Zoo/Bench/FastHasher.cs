using System.Security.Cryptography;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Testing.Tests.Zoo.Bench;

/// <summary>A fast keyed hash in place of Argon2id, with room for everybody: no rule here is about its cost.</summary>
internal sealed class FastHasher() : GatedRecoveryCodeHasher(gate: new RecoveryHashGate(64, 10_000, TimeSpan.FromMinutes(1)))
{
    protected override Task<byte[]> ComputeAsync(byte[] input, byte[] salt, Argon2Parameters parameters) =>
        Task.FromResult(HMACSHA256.HashData(salt, input));
}
