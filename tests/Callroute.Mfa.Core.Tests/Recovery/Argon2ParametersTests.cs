using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Core.Tests.Recovery;

public class Argon2ParametersTests
{
    [Fact]
    public void Default_IsWhatOwaspRecommends()
    {
        Assert.Equal(new Argon2Parameters(memory: 19_456, iterations: 2, parallelism: 1), Argon2Parameters.Default);
    }

    [Theory]
    [InlineData(7, 1, 1, "memory", "8–65536")]
    [InlineData(31, 1, 4, "memory", "32–65536")]
    [InlineData(65_537, 1, 1, "memory", "8–65536")]
    [InlineData(19_456, 0, 1, "iterations", "1–10")]
    [InlineData(19_456, 11, 1, "iterations", "1–10")]
    [InlineData(19_456, 2, 0, "parallelism", "1–4")]
    [InlineData(19_456, 2, 5, "parallelism", "1–4")]
    [InlineData(19_456, 2, int.MaxValue, "parallelism", "1–4")]
    public void Constructor_OutOfRange_NamesParameterAndRange(int memory, int iterations, int parallelism, string name, string range)
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>(name, () => new Argon2Parameters(memory, iterations, parallelism));

        Assert.StartsWith($"Must be {range}.", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, 1, 1)]
    [InlineData(32, 10, 4)]
    [InlineData(65_536, 10, 4)]
    public void Constructor_AtTheBounds_IsTaken(int memory, int iterations, int parallelism)
    {
        var parameters = new Argon2Parameters(memory, iterations, parallelism);

        Assert.Equal((memory, iterations, parallelism), (parameters.Memory, parameters.Iterations, parameters.Parallelism));
    }
}
