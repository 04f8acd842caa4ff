using Callroute.Mfa.Argon2;

namespace Callroute.Mfa.Hashing.Tests.Argon2;

public class Argon2CostTests
{
    [Fact]
    public void Default_IsWhatOwaspRecommends()
    {
        Assert.Equal((19_456, 2, 1), (Argon2Cost.DefaultMemoryKib, Argon2Cost.DefaultIterations, Argon2Cost.DefaultParallelism));
    }

    [Theory]
    [InlineData(7, 1, 1, "memoryKib", "8–65536")]
    [InlineData(31, 1, 4, "memoryKib", "32–65536")]
    [InlineData(65_537, 1, 1, "memoryKib", "8–65536")]
    [InlineData(19_456, 0, 1, "iterations", "1–10")]
    [InlineData(19_456, 11, 1, "iterations", "1–10")]
    [InlineData(19_456, 2, 0, "parallelism", "1–4")]
    [InlineData(19_456, 2, 5, "parallelism", "1–4")]
    [InlineData(19_456, 2, int.MaxValue, "parallelism", "1–4")]
    public void Constructor_OutOfRange_NamesParameterAndRange(int memory, int iterations, int parallelism, string name, string range)
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>(name, () => new Argon2Cost(memory, iterations, parallelism));

        Assert.Contains($" must be {range}, was ", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, 1, 1)]
    [InlineData(32, 10, 4)]
    [InlineData(65_536, 10, 4)]
    public void Constructor_AtTheBounds_IsTaken(int memory, int iterations, int parallelism)
    {
        var cost = new Argon2Cost(memory, iterations, parallelism);

        Assert.Equal((memory, iterations, parallelism), (cost.MemoryKib, cost.Iterations, cost.Parallelism));
    }
}
