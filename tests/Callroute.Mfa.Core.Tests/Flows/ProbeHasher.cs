using System.Security.Cryptography;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Core.Tests.Flows;

/// <summary>Counts runs, and computes a fast keyed hash in place of Argon2id: what is tested here is how often it runs.</summary>
internal sealed class ProbeHasher(RecoveryHashGate? gate = null, Argon2Parameters? parameters = null) : GatedRecoveryCodeHasher(parameters, gate)
{
    private int _runs;

    public int Runs => _runs;

    /// <summary>Holds every run until it completes.</summary>
    public Task Barrier { get; set; } = Task.CompletedTask;

    protected override async Task<byte[]> ComputeAsync(byte[] input, byte[] salt, Argon2Parameters parameters)
    {
        Interlocked.Increment(ref _runs);
        await Barrier;
        byte[] key = [.. salt, (byte)parameters.Iterations];
        return HMACSHA256.HashData(key, input);
    }
}
