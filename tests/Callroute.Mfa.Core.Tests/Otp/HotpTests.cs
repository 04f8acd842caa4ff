using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Core.Tests.Otp;

public sealed class HotpTests : IDisposable
{
    private readonly SharedSecret _secret = RfcSeed.Sha1();

    public void Dispose() => _secret.Dispose();

    // RFC 4226 Appendix D, counters 3–6: the look-ahead begins at the expected counter and ends at its limit.
    [Theory]
    [InlineData("359152", null)]
    [InlineData("969429", 3L)]
    [InlineData("338314", 4L)]
    [InlineData("254676", 5L)]
    [InlineData("287922", null)]
    public void Verify_LookAhead_CoversTheExpectedCounterAndTheNext(string code, long? counter)
    {
        var match = Hotp.Verify(_secret, new HotpParameters(), code, counter: 3, lookAhead: 2);

        Assert.Equal(counter, match);
    }

    [Fact]
    public void Verify_TwoCountersShareACode_TakesTheHigher()
    {
        var parameters = new HotpParameters { Digits = 4 };
        var codes = Enumerable.Range(0, 101).Select(counter => Hotp.Generate(_secret, parameters, 1000 + counter)).ToList();
        var shared = codes.GroupBy(code => code).First(group => group.Count() > 1).Key;

        var match = Hotp.Verify(_secret, parameters, shared, counter: 1000, lookAhead: 100);

        Assert.Equal(1000 + codes.LastIndexOf(shared), match);
        Assert.NotEqual(1000 + codes.IndexOf(shared), match);
    }

    // The code is oathtool's for the greatest counter.
    [Fact]
    public void Verify_GreatestCounter_EndsWithoutOverflow()
    {
        var parameters = new HotpParameters { Digits = 8 };

        Assert.Equal("50181742", Hotp.Generate(_secret, parameters, long.MaxValue));
        Assert.Equal(long.MaxValue, Hotp.Verify(_secret, parameters, "50181742", long.MaxValue, 100));
        Assert.Equal(long.MaxValue, Hotp.Verify(_secret, parameters, "50181742", long.MaxValue - 2, 100));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void HighestMatch_LastIsTheGreatestLong_Terminates(bool vectorized)
    {
        var match = HmacOtp.HighestMatch(_secret, OtpAlgorithm.Sha1, "50181742", [], long.MaxValue - 3, long.MaxValue, vectorized);
        var miss = HmacOtp.HighestMatch(_secret, OtpAlgorithm.Sha1, "50181743", [], long.MaxValue - 3, long.MaxValue, vectorized);

        Assert.Equal(long.MaxValue, match);
        Assert.Null(miss);
    }

    [Theory]
    [InlineData(-1, 0, "counter")]
    [InlineData(long.MinValue, 0, "counter")]
    [InlineData(0, -1, "lookAhead")]
    [InlineData(0, 101, "lookAhead")]
    public void VerifyAndResynchronize_OutOfRange_NameTheParameter(long counter, int lookAhead, string name)
    {
        Assert.Throws<ArgumentOutOfRangeException>(name, () => Hotp.Verify(_secret, new HotpParameters(), "755224", counter, lookAhead));
        Assert.Throws<ArgumentOutOfRangeException>(
            name, () => Hotp.Resynchronize(_secret, new HotpParameters(), "755224", "287082", counter, lookAhead));
    }

    [Fact]
    public void Generate_NegativeCounter_NamesParameterAndRange()
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>("counter", () => Hotp.Generate(_secret, new HotpParameters(), -1));

        Assert.StartsWith("counter must be 0–9223372036854775807, was -1.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GenerateAndVerify_NullArguments_AreRefusedByName()
    {
        Assert.Throws<ArgumentNullException>("secret", () => Hotp.Generate(null!, new HotpParameters(), 0));
        Assert.Throws<ArgumentNullException>("parameters", () => Hotp.Generate(_secret, null!, 0));
        Assert.Throws<ArgumentNullException>("secret", () => Hotp.Verify(null!, new HotpParameters(), "755224", 0, 0));
        Assert.Throws<ArgumentNullException>("parameters", () => Hotp.Verify(_secret, null!, "755224", 0, 0));
    }

    [Fact]
    public void Generate_DestinationOfAnotherLength_IsRefused() =>
        Assert.Throws<ArgumentException>("destination", () => Hotp.Generate(_secret, new HotpParameters(), 0, new char[7]));

    // RFC 4226 §7.4: two codes in a row. Counters 5 and 6 of Appendix D are 254676 and 287922.
    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    [InlineData(3, 2)]
    public void Resynchronize_ConsecutiveCodes_GivesTheSecondsCounter(long counter, int lookAhead)
    {
        var match = Hotp.Resynchronize(_secret, new HotpParameters(), "254676", "287922", counter, lookAhead);

        Assert.Equal(6, match);
    }

    [Theory]
    [InlineData("254676", "162583", 0, 10)]
    [InlineData("287922", "254676", 0, 10)]
    [InlineData("254676", "254676", 0, 10)]
    [InlineData("254676", "287922", 0, 4)]
    [InlineData("254676", "287922", 6, 10)]
    [InlineData("254676", "", 0, 10)]
    [InlineData("2546760", "287922", 0, 10)]
    public void Resynchronize_NotConsecutiveOrOutOfTheWindow_IsAMiss(string first, string second, long counter, int lookAhead)
    {
        var match = Hotp.Resynchronize(_secret, new HotpParameters(), first, second, counter, lookAhead);

        Assert.Null(match);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void Resynchronize_NearTheGreatestCounter_EndsWithoutOverflow(int lookAhead)
    {
        var first = Hotp.Generate(_secret, new HotpParameters(), long.MaxValue - 1);
        var second = Hotp.Generate(_secret, new HotpParameters(), long.MaxValue);

        Assert.Equal(long.MaxValue, Hotp.Resynchronize(_secret, new HotpParameters(), first, second, long.MaxValue - 1, lookAhead));
        Assert.Equal(long.MaxValue, Hotp.Resynchronize(_secret, new HotpParameters(), first, second, long.MaxValue - 2, lookAhead));
        Assert.Null(Hotp.Resynchronize(_secret, new HotpParameters(), first, second, long.MaxValue, lookAhead));
    }
}
