using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Core.Tests.Otp;

public class OtpParametersTests
{
    [Fact]
    public void Constructor_Defaults_AreThoseOfTheRfcsWhichEveryAppSupports()
    {
        var (parameters, hotp) = (new TotpParameters(), new HotpParameters());

        Assert.Equal((OtpAlgorithm.Sha1, 6), (hotp.Algorithm, hotp.Digits));
        Assert.Equal((OtpAlgorithm.Sha1, 6), (parameters.Algorithm, parameters.Digits));
        Assert.Equal(TimeSpan.FromSeconds(30), parameters.Period);
        Assert.Equal(DateTimeOffset.UnixEpoch, parameters.T0);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(0)]
    [InlineData(-6)]
    [InlineData(int.MaxValue)]
    public void Digits_OutOfRange_NamesPropertyAndRange(int digits)
    {
        var totp = Assert.Throws<ArgumentOutOfRangeException>("Digits", () => new TotpParameters { Digits = digits });
        var hotp = Assert.Throws<ArgumentOutOfRangeException>("Digits", () => new HotpParameters { Digits = digits });

        Assert.StartsWith($"Digits must be 4–8, was {digits}.", totp.Message, StringComparison.Ordinal);
        Assert.Equal(totp.Message, hotp.Message);
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
        var exception = Assert.Throws<ArgumentOutOfRangeException>(
            "Period", () => new TotpParameters { Period = TimeSpan.FromSeconds(seconds) });

        Assert.StartsWith("Period must be 00:00:15–00:05:00, was ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PeriodAndT0_FractionOfASecond_AreRefusedByName()
    {
        var period = Assert.Throws<ArgumentException>("Period", () => new TotpParameters { Period = TimeSpan.FromMilliseconds(30_500) });
        var t0 = Assert.Throws<ArgumentException>("T0", () => new TotpParameters { T0 = DateTimeOffset.UnixEpoch.AddTicks(1) });

        Assert.StartsWith("Period must be whole seconds, was 00:00:30.5000000.", period.Message, StringComparison.Ordinal);
        Assert.StartsWith("T0 must be at a whole second, was 1970-01-01T00:00:00.0000001+00:00.", t0.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void T0_OtherOffset_IsTheSameMomentInUtc()
    {
        var parameters = new TotpParameters { T0 = new DateTimeOffset(2026, 1, 1, 3, 0, 0, TimeSpan.FromHours(3)) };

        Assert.Equal(TimeSpan.Zero, parameters.T0.Offset);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), parameters.T0);
    }

    [Fact]
    public void Algorithm_Undefined_NamesPropertyAndValues()
    {
        var totp = Assert.Throws<ArgumentOutOfRangeException>("Algorithm", () => new TotpParameters { Algorithm = (OtpAlgorithm)3 });
        Assert.Throws<ArgumentOutOfRangeException>("Algorithm", () => new HotpParameters { Algorithm = (OtpAlgorithm)(-1) });

        Assert.StartsWith("Algorithm must be Sha1, Sha256, Sha512, was 3.", totp.Message, StringComparison.Ordinal);
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

        Assert.Equal(timeStep, new TotpParameters().GetTimeStep(DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(secondsAfterT0)));
        Assert.Equal(timeStep, shifted.GetTimeStep(shifted.T0 + TimeSpan.FromSeconds(secondsAfterT0)));
    }

    [Fact]
    public void GetTimeStep_OtherOffset_IsTheSame()
    {
        var utc = new DateTimeOffset(2026, 3, 29, 1, 0, 0, TimeSpan.Zero);

        Assert.Equal(new TotpParameters().GetTimeStep(utc), new TotpParameters().GetTimeStep(utc.ToOffset(TimeSpan.FromHours(-9.5))));
    }

    [Fact]
    public void GetTimeStep_EndsOfTime_DoNotOverflow()
    {
        var late = new TotpParameters { T0 = new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero) };

        Assert.Equal(8446743359, new TotpParameters().GetTimeStep(DateTimeOffset.MaxValue));
        Assert.Equal(-10517929920, late.GetTimeStep(DateTimeOffset.MinValue));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 30)]
    [InlineData(-1, -30)]
    [InlineData(666666666, 19999999980)]
    public void GetStartOf_Step_IsItsFirstMoment(long timeStep, long unixSeconds)
    {
        var start = new TotpParameters().GetStartOf(timeStep);

        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(unixSeconds), start);
        Assert.Equal(timeStep, new TotpParameters().GetTimeStep(start));
        Assert.Equal(timeStep - 1, new TotpParameters().GetTimeStep(start.AddTicks(-1)));
    }

    [Fact]
    public void GetStartOf_BeyondWhatTimeHolds_IsClamped()
    {
        Assert.Equal(DateTimeOffset.MaxValue, new TotpParameters().GetStartOf(long.MaxValue));
        Assert.Equal(DateTimeOffset.MinValue, new TotpParameters().GetStartOf(long.MinValue));
    }
}
