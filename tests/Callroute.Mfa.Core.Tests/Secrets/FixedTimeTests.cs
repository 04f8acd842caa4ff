using Callroute.Mfa.Secrets;
using FsCheck;
using FsCheck.Xunit;

namespace Callroute.Mfa.Core.Tests.Secrets;

public class FixedTimeTests
{
    [Theory]
    [InlineData(0u, 0u, true)]
    [InlineData(uint.MaxValue, uint.MaxValue, true)]
    [InlineData(99_999_999u, 99_999_999u, true)]
    [InlineData(0u, 1u, false)]
    [InlineData(0u, 0x8000_0000u, false)]
    [InlineData(0u, uint.MaxValue, false)]
    [InlineData(287082u, 287083u, false)]
    public void AreEqual_Numbers_AsTheyAre(uint left, uint right, bool equal)
    {
        Assert.Equal(equal, FixedTime.AreEqual(left, right));
        Assert.Equal(equal, FixedTime.AreEqual(right, left));
    }

    [Property(MaxTest = 2000)]
    public void AreEqual_NumberAndOneBitFlipped_Differ(DoNotSize<uint> number, byte bit)
    {
        Assert.True(FixedTime.AreEqual(number.Item, number.Item));
        Assert.False(FixedTime.AreEqual(number.Item, number.Item ^ (1u << (bit % 32))));
    }

    [Fact]
    public void AreEqual_Bytes_CompareLengthAndContent()
    {
        Assert.True(FixedTime.AreEqual("code"u8, "code"u8));
        Assert.False(FixedTime.AreEqual("code"u8, "codf"u8));
        Assert.False(FixedTime.AreEqual("code"u8, "cod"u8));
        Assert.True(FixedTime.AreEqual([], ReadOnlySpan<byte>.Empty));
    }
}
