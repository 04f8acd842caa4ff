namespace Callroute.Mfa.EntityFrameworkCore.Tests;

public sealed class EntityFrameworkMfaStoreOptionsTests
{
    [Fact]
    public void CommandTimeout_NotSet_IsFiveSeconds() =>
        Assert.Equal(TimeSpan.FromSeconds(5), new EntityFrameworkMfaStoreOptions().CommandTimeout);

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    public void CommandTimeout_AtItsBounds_IsTaken(int seconds)
    {
        var timeout = TimeSpan.FromSeconds(seconds);

        Assert.Equal(timeout, new EntityFrameworkMfaStoreOptions { CommandTimeout = timeout }.CommandTimeout);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(999)]
    [InlineData(1500)]
    [InlineData(61_000)]
    [InlineData(-1000)]
    public void CommandTimeout_OutOfRange_Throws(int milliseconds) =>
        Assert.ThrowsAny<ArgumentException>(
            () => new EntityFrameworkMfaStoreOptions { CommandTimeout = TimeSpan.FromMilliseconds(milliseconds) });
}
