using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Hashing.Tests.Argon2;

/// <summary>Measures a process of its own: see <see cref="HashingLoad"/>.</summary>
[Collection("Memory")]
public class Argon2MemoryTests
{
    private const int GateSize = 2;
    private const int AllowanceKib = 64 * 1024;

    private static readonly int BoundKib = ((GateSize + 1) * Argon2Parameters.Default.Memory) + AllowanceKib;

    [Theory]
    [InlineData("DOTNET_gcServer=0")]
    [InlineData("DOTNET_gcServer=1")]
    [InlineData("DOTNET_gcConcurrent=0")]
    public void HashAsync_ThousandAttemptsAtOnce_ShedsAndStaysWithinTheBound(string collector)
    {
        var probe = Probe(collector, attempts: 1000, queueLength: 32);

        Assert.Equal(1000, probe["hashed"] + probe["shed"]);
        Assert.InRange(probe["hashed"], GateSize + 32, 200);
        Assert.InRange(probe["peak added KiB"], 1, BoundKib);
    }

    // 80 of the 1,000 attempts, to keep the run short: the peak does not grow with the number.
    [Theory]
    [InlineData("DOTNET_gcServer=0")]
    [InlineData("DOTNET_gcServer=1")]
    public void HashAsync_SustainedLoad_StaysWithinTheBound(string collector)
    {
        var probe = Probe(collector, attempts: 80, queueLength: 1000);

        Assert.Equal(80, probe["hashed"]);
        Assert.InRange(probe["peak added KiB"], 1, BoundKib);
    }

    [Fact]
    public void HashAsync_EachCall_RunsArgon2Once()
    {
        var probe = Probe("DOTNET_gcServer=0", attempts: 100, queueLength: 8);

        var runs = probe["allocated KiB"] / (double)Argon2Parameters.Default.Memory;

        Assert.InRange(runs / probe["hashed"], 1.0, 1.2);
    }

    private static Dictionary<string, int> Probe(string collector, int attempts, int queueLength) =>
        HashingLoad.Run(collector, "managed", attempts, GateSize, queueLength);
}
