using System.Security.Cryptography;
using System.Text;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Core.Tests;

/// <summary>Counts runs, and computes a fast keyed hash instead of Argon2id. These tests check how often it runs.</summary>
internal sealed class ProbeHasher(string kind = "probe") : IRecoveryCodeHasher
{
    private int _runs;

    public int Runs => _runs;

    /// <summary>Holds every run until it completes.</summary>
    public Task Barrier { get; set; } = Task.CompletedTask;

    /// <summary>Receives the number of the run, from 1.</summary>
    public Func<int, Task>? OnRun { get; init; }

    /// <summary>The inputs of all runs. They are the same arrays, so that a test can check that they are wiped.</summary>
    public List<byte[]> Inputs { get; } = [];

    /// <summary>The result of every run, instead of a hash.</summary>
    public byte[]? Tag { get; init; }

    public string CreateSettings() => $"{kind}${Convert.ToHexString(RandomNumberGenerator.GetBytes(16))}";

    public bool IsCurrent(string settings) => settings.StartsWith($"{kind}$", StringComparison.Ordinal);

    public async Task<byte[]> HashAsync(byte[] input, string settings)
    {
        var run = Interlocked.Increment(ref _runs);
        lock (Inputs)
        {
            Inputs.Add(input);
        }

        await Barrier;
        await (OnRun?.Invoke(run) ?? Task.CompletedTask);
        return Tag ?? HMACSHA256.HashData(Encoding.UTF8.GetBytes(settings), input);
    }
}
