namespace Callroute.Mfa.Redis.Tests;

public sealed class RedisMfaStoreOptionsTests
{
    [Fact]
    public void Constructor_Nothing_HasTheDocumentedDefaults()
    {
        var options = new RedisMfaStoreOptions();

        Assert.Equal("callroute:mfa:", options.KeyPrefix);
        Assert.False(options.RequireDurable);
        Assert.Equal(1, options.DurableReplicas);
        Assert.Equal(TimeSpan.FromSeconds(1), options.DurabilityTimeout);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("App-1:mfa/v1_.")]
    public void KeyPrefix_LettersDigitsAndSeparators_IsTaken(string prefix) =>
        Assert.Equal(prefix, new RedisMfaStoreOptions { KeyPrefix = prefix }.KeyPrefix);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("mfa{x}:")]
    [InlineData("mfa*")]
    [InlineData("mfa ")]
    [InlineData("é")]
    public void KeyPrefix_AnythingElse_IsRefusedByName(string? prefix) =>
        Assert.Equal("KeyPrefix", Assert.Throws<ArgumentException>(() => new RedisMfaStoreOptions { KeyPrefix = prefix! }).ParamName);

    [Fact]
    public void KeyPrefix_HundredAndOneCharacters_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new RedisMfaStoreOptions { KeyPrefix = new string('a', 101) });

    [Theory]
    [InlineData(-1)]
    [InlineData(101)]
    public void DurableReplicas_OutOfRange_IsRefusedWithTheRange(int replicas)
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>(() => new RedisMfaStoreOptions { DurableReplicas = replicas });

        Assert.Equal("DurableReplicas", exception.ParamName);
        Assert.Contains("0–100", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60_001)]
    public void DurabilityTimeout_OutOfRange_IsRefusedWithTheRange(int milliseconds)
    {
        var timeout = TimeSpan.FromMilliseconds(milliseconds);
        var exception = Assert.Throws<ArgumentOutOfRangeException>(() => new RedisMfaStoreOptions { DurabilityTimeout = timeout });

        Assert.Equal("DurabilityTimeout", exception.ParamName);
        Assert.Contains("00:00:00.0010000–00:01:00", exception.Message, StringComparison.Ordinal);
    }
}
