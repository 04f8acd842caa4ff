using Callroute.Mfa.Argon2;

namespace Callroute.Mfa.Hashing.Tests;

/// <summary>Measures a separate process: see <see cref="HashingLoad"/>.</summary>
[Collection("Memory")]
public class HashingMemoryTests
{
    private const int GateSize = 2;
    private const int AllowanceKib = 64 * 1024;

    private static readonly int BoundKib = ((GateSize + 1) * Argon2Cost.DefaultMemoryKib) + AllowanceKib;

    [Theory]
    [InlineData("managed", "DOTNET_gcServer=0")]
    [InlineData("managed", "DOTNET_gcServer=1")]
    [InlineData("managed", "DOTNET_gcConcurrent=0")]
    [InlineData("sodium", "DOTNET_gcServer=0")]
    public void HashAsync_ThousandAttemptsAtOnce_ShedsAndStaysWithinTheBound(string hasher, string collector)
    {
        var probe = HashingLoad.Run(collector, hasher, attempts: 1000, GateSize, queueLength: 32);

        Assert.Equal(1000, probe["hashed"] + probe["shed"]);
        Assert.InRange(probe["hashed"], GateSize + 32, 200);
        Assert.InRange(probe["peak added KiB"], 1, BoundKib);
    }

    // Fewer attempts, to keep the run short: the peak does not grow with their number.
    [Theory]
    [InlineData("managed", "DOTNET_gcServer=0", 80)]
    [InlineData("managed", "DOTNET_gcServer=1", 80)]
    [InlineData("sodium", "DOTNET_gcServer=0", 200)]
    public void HashAsync_SustainedLoad_StaysWithinTheBound(string hasher, string collector, int attempts)
    {
        var probe = HashingLoad.Run(collector, hasher, attempts, GateSize, queueLength: 1000);

        Assert.Equal(attempts, probe["hashed"]);
        Assert.InRange(probe["peak added KiB"], 1, BoundKib);
    }

    // Managed: the memory of Argon2id, once. Sodium: the rest of the confirmation, as the hash is outside the managed heap.
    [Theory]
    [InlineData("managed", 8, Argon2Cost.DefaultMemoryKib, 1.2 * Argon2Cost.DefaultMemoryKib)]
    [InlineData("sodium", 1000, 0, 48)]
    public void HashAsync_EachCall_AllocatesForOneRunOfArgon2(string hasher, int queueLength, double minimumKib, double maximumKib)
    {
        var probe = HashingLoad.Run("DOTNET_gcServer=0", hasher, attempts: 100, GateSize, queueLength);

        Assert.InRange(probe["allocated KiB"] / (double)probe["hashed"], minimumKib, maximumKib);
    }
}
