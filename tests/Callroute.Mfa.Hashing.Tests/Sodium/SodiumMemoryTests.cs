using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Hashing.Tests.Sodium;

/// <summary>Measures a process of its own: see <see cref="HashingLoad"/>.</summary>
[Collection("Memory")]
public class SodiumMemoryTests
{
    private const int GateSize = 2;
    private const int AllowanceKib = 64 * 1024;

    private static readonly int BoundKib = ((GateSize + 1) * Argon2Parameters.Default.Memory) + AllowanceKib;

    [Fact]
    public void HashAsync_ThousandAttemptsAtOnce_ShedsAndStaysWithinTheBound()
    {
        var probe = HashingLoad.Run("DOTNET_gcServer=0", "sodium", attempts: 1000, GateSize, queueLength: 32);

        Assert.Equal(1000, probe["hashed"] + probe["shed"]);
        Assert.InRange(probe["hashed"], GateSize + 32, 200);
        Assert.InRange(probe["peak added KiB"], 1, BoundKib);
    }

    // 200 of the 1,000 attempts, to keep the run short: the peak does not grow with the number.
    [Fact]
    public void HashAsync_SustainedLoad_StaysWithinTheBound()
    {
        var probe = HashingLoad.Run("DOTNET_gcServer=0", "sodium", attempts: 200, GateSize, queueLength: 1000);

        Assert.Equal(200, probe["hashed"]);
        Assert.InRange(probe["peak added KiB"], 1, BoundKib);
    }

    [Fact]
    public void HashAsync_ManyHashes_AllocateNoManagedMemoryOfNote()
    {
        var probe = HashingLoad.Run("DOTNET_gcServer=0", "sodium", attempts: 100, GateSize, queueLength: 1000);

        Assert.InRange(probe["allocated KiB"] / probe["hashed"], 0, 16);
    }
}
