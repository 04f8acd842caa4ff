using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Core.Tests.Otp;

public class TotpParametersTests
{
    [Fact]
    public void Default_IsWhatEveryAppSupports()
    {
        var parameters = TotpParameters.Default;

        Assert.Equal(OtpAlgorithm.Sha1, parameters.Algorithm);
        Assert.Equal(6, parameters.Digits);
        Assert.Equal(TimeSpan.FromSeconds(30), parameters.Period);
        Assert.Equal(DateTimeOffset.UnixEpoch, parameters.T0);
        Assert.Equal(new TotpParameters(), parameters);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(0)]
    [InlineData(-6)]
    [InlineData(int.MaxValue)]
    public void Digits_OutOfRange_NamesPropertyAndRange(int digits)
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>(() => new TotpParameters { Digits = digits });

        Assert.Equal(nameof(TotpParameters.Digits), exception.ParamName);
        Assert.Equal(digits, exception.ActualValue);
        Assert.StartsWith("Must be 4–8.", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-30)]
    [InlineData(14)]
    [InlineData(14.9999999)]
    [InlineData(300.0000001)]
    [InlineData(301)]
    public void Period_OutOfRange_NamesPropertyAndRange(double seconds)
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>(() => new TotpParameters { Period = TimeSpan.FromSeconds(seconds) });

        Assert.Equal(nameof(TotpParameters.Period), exception.ParamName);
        Assert.StartsWith("Must be 00:00:15–00:05:00.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Period_FractionOfASecond_IsRefusedByName()
    {
        var exception = Assert.Throws<ArgumentException>(() => new TotpParameters { Period = TimeSpan.FromMilliseconds(30_500) });

        Assert.Equal(nameof(TotpParameters.Period), exception.ParamName);
        Assert.Contains("whole number of seconds", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void T0_FractionOfASecond_IsRefusedByName()
    {
        var exception = Assert.Throws<ArgumentException>(() => new TotpParameters { T0 = DateTimeOffset.UnixEpoch.AddTicks(1) });

        Assert.Equal(nameof(TotpParameters.T0), exception.ParamName);
    }

    [Fact]
    public void T0_OtherOffset_IsTheSameMomentInUtc()
    {
        var parameters = new TotpParameters { T0 = new DateTimeOffset(2026, 1, 1, 3, 0, 0, TimeSpan.FromHours(3)) };

        Assert.Equal(TimeSpan.Zero, parameters.T0.Offset);
        Assert.Equal(new TotpParameters { T0 = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) }, parameters);
    }

    [Fact]
    public void Algorithm_Undefined_NamesPropertyAndEnumeration()
    {
        var totp = Assert.Throws<ArgumentOutOfRangeException>(() => new TotpParameters { Algorithm = (OtpAlgorithm)3 });
        var hotp = Assert.Throws<ArgumentOutOfRangeException>(() => new HotpParameters { Algorithm = (OtpAlgorithm)(-1) });

        Assert.Equal(nameof(TotpParameters.Algorithm), totp.ParamName);
        Assert.Equal(nameof(HotpParameters.Algorithm), hotp.ParamName);
        Assert.Contains(nameof(OtpAlgorithm), totp.Message, StringComparison.Ordinal);
    }

    // RFC 6238 §4.2: T is the floor, so the second before T0 is step −1 and not step 0.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(29, 0)]
    [InlineData(29.999, 0)]
    [InlineData(30, 1)]
    [InlineData(59, 1)]
    [InlineData(60, 2)]
    [InlineData(-0.0000001, -1)]
    [InlineData(-1, -1)]
    [InlineData(-29.999, -1)]
    [InlineData(-30, -1)]
    [InlineData(-30.001, -2)]
    [InlineData(-60, -2)]
    [InlineData(-61, -3)]
    public void GetTimeStep_AroundT0_IsTheFloor(double secondsAfterT0, long timeStep)
    {
        var shifted = new TotpParameters { T0 = new DateTimeOffset(2026, 5, 17, 11, 0, 7, TimeSpan.Zero) };

        Assert.Equal(timeStep, TotpParameters.Default.GetTimeStep(DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(secondsAfterT0)));
        Assert.Equal(timeStep, shifted.GetTimeStep(shifted.T0 + TimeSpan.FromSeconds(secondsAfterT0)));
    }

    [Fact]
    public void GetTimeStep_OtherOffset_IsTheSame()
    {
        var utc = new DateTimeOffset(2026, 3, 29, 1, 0, 0, TimeSpan.Zero);

        Assert.Equal(TotpParameters.Default.GetTimeStep(utc), TotpParameters.Default.GetTimeStep(utc.ToOffset(TimeSpan.FromHours(-9.5))));
    }

    [Fact]
    public void GetTimeStep_EndsOfTime_DoNotOverflow()
    {
        var late = new TotpParameters { T0 = new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero) };

        Assert.Equal(8446743359, TotpParameters.Default.GetTimeStep(DateTimeOffset.MaxValue));
        Assert.Equal(-10517929920, late.GetTimeStep(DateTimeOffset.MinValue));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 30)]
    [InlineData(-1, -30)]
    [InlineData(666666666, 19999999980)]
    public void GetStartOf_Step_IsItsFirstMoment(long timeStep, long unixSeconds)
    {
        var start = TotpParameters.Default.GetStartOf(timeStep);

        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(unixSeconds), start);
        Assert.Equal(timeStep, TotpParameters.Default.GetTimeStep(start));
        Assert.Equal(timeStep - 1, TotpParameters.Default.GetTimeStep(start.AddTicks(-1)));
    }

    [Fact]
    public void GetStartOf_BeyondWhatTimeHolds_IsClamped()
    {
        Assert.Equal(DateTimeOffset.MaxValue, TotpParameters.Default.GetStartOf(long.MaxValue));
        Assert.Equal(DateTimeOffset.MinValue, TotpParameters.Default.GetStartOf(long.MinValue));
    }

    [Theory]
    [InlineData(-1, 0, "past")]
    [InlineData(51, 0, "past")]
    [InlineData(0, -1, "future")]
    [InlineData(0, 51, "future")]
    public void TimeWindow_OutOfRange_NamesParameterAndRange(int past, int future, string name)
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>(() => new TimeWindow(past, future));

        Assert.Equal(name, exception.ParamName);
        Assert.StartsWith("Must be 0–50.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TimeWindow_Default_IsStrict()
    {
        Assert.Equal(new TimeWindow(0, 0), TimeWindow.Strict);
        Assert.Equal(TimeWindow.Strict, default);
        Assert.Equal(new TimeWindow(1, 1), TimeWindow.OneStep);
    }
}
