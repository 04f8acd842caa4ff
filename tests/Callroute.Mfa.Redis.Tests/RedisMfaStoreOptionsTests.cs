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
    [InlineData("a123456789b123456789c123456789d123456789e123456789f123456789g123456789h123456789i123456789j123456789k")]
    public void KeyPrefix_AnythingElse_IsRefusedByName(string? prefix) =>
        Assert.Equal("KeyPrefix", Assert.Throws<ArgumentException>(() => new RedisMfaStoreOptions { KeyPrefix = prefix! }).ParamName);

    [Theory]
    [InlineData("DurableReplicas", "0–100", -1, 1)]
    [InlineData("DurableReplicas", "0–100", 101, 1)]
    [InlineData("DurabilityTimeout", "00:00:00.0010000–00:01:00", 1, 0)]
    [InlineData("DurabilityTimeout", "00:00:00.0010000–00:01:00", 1, 60_001)]
    public void Setting_OutOfRange_IsRefusedWithTheRange(string name, string range, int replicas, int milliseconds)
    {
        var timeout = TimeSpan.FromMilliseconds(milliseconds);

        var exception = Assert.Throws<ArgumentOutOfRangeException>(
            name, () => new RedisMfaStoreOptions { DurableReplicas = replicas, DurabilityTimeout = timeout });

        Assert.Contains(range, exception.Message, StringComparison.Ordinal);
    }
}
