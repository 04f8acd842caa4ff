using Callroute.Mfa.Otp;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Core.Tests.Otp;

public sealed class TotpTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1111111109);

    private readonly SharedSecret _secret = RfcSeed.Sha1();

    public void Dispose() => _secret.Dispose();

    [Theory]
    [InlineData(4, "1804")]
    [InlineData(5, "81804")]
    [InlineData(6, "081804")]
    [InlineData(7, "7081804")]
    [InlineData(8, "07081804")]
    public void Generate_Digits_KeepsTheLastAndLeadingZeros(int digits, string code)
    {
        var parameters = new TotpParameters { Digits = digits };

        Assert.Equal(code, Totp.Generate(_secret, parameters, Now));
        Assert.NotNull(Totp.Verify(_secret, parameters, code, Now, TimeWindow.Strict));
    }

    [Fact]
    public void Verify_LeadingZeroMissing_IsAMiss()
    {
        var match = Totp.Verify(_secret, new TotpParameters { Digits = 8 }, "7081804", Now, TimeWindow.OneStep);

        Assert.Null(match);
    }

    // The codes are oathtool's.
    [Theory]
    [InlineData(15, "199842")]
    [InlineData(60, "360094")]
    [InlineData(300, "080717")]
    public void Generate_Period_CountsInIt(int seconds, string code)
    {
        var parameters = new TotpParameters { Period = TimeSpan.FromSeconds(seconds) };
        var start = parameters.GetStartOf(parameters.GetTimeStep(Now));

        Assert.Equal(code, Totp.Generate(_secret, parameters, Now));
        Assert.Equal(code, Totp.Generate(_secret, parameters, start));
        Assert.NotEqual(code, Totp.Generate(_secret, parameters, start.AddSeconds(seconds)));
        Assert.NotEqual(code, Totp.Generate(_secret, parameters, start.AddTicks(-1)));
    }

    [Fact]
    public void Generate_T0_IsWhereCountingBegins()
    {
        var parameters = new TotpParameters { T0 = Now };

        var code = Totp.Generate(_secret, parameters, Now.AddSeconds(59));

        Assert.Equal("287082", code);
        Assert.Equal(new TotpMatch(1, 0), Totp.Verify(_secret, parameters, code, Now.AddSeconds(30), TimeWindow.Strict));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-2)]
    [InlineData(-1000000)]
    public void Generate_BeforeT0_HashesTheTwosComplement(long step)
    {
        var parameters = new TotpParameters { T0 = Now };
        var time = parameters.GetStartOf(step);

        var code = Totp.Generate(_secret, parameters, time);
        var match = Totp.Verify(_secret, parameters, code, time, TimeWindow.Strict);

        Assert.Equal(ReferenceOtp.Code(KeyOf(_secret), OtpAlgorithm.Sha1, step, 6), code);
        Assert.Equal(new TotpMatch(step, 0), match);
    }

    [Fact]
    public void Verify_WindowAcrossT0_SpansNegativeAndPositiveSteps()
    {
        var code = Totp.Generate(_secret, TotpParameters.Default, DateTimeOffset.UnixEpoch.AddSeconds(-1));

        var match = Totp.Verify(_secret, TotpParameters.Default, code, DateTimeOffset.UnixEpoch, TimeWindow.OneStep);

        Assert.Equal(new TotpMatch(-1, -1), match);
    }

    // The code is oathtool's for the counter 20000000000, which 32 bits cannot hold.
    [Fact]
    public void Generate_StepBeyond32Bits_IsNotCut()
    {
        var code = new char[8];

        Totp.Generate(_secret, new TotpParameters { Digits = 8 }, 20000000000, code);

        Assert.Equal("04468884", new string(code));
    }

    [Fact]
    public void Verify_StepBeyond32Bits_IsReportedWhole()
    {
        var parameters = new TotpParameters { Period = TotpParameters.MinimumPeriod };
        var time = new DateTimeOffset(9999, 6, 1, 0, 0, 0, TimeSpan.Zero);

        var match = Totp.Verify(_secret, parameters, Totp.Generate(_secret, parameters, time), time, TimeWindow.OneStep);

        Assert.Equal(time.ToUnixTimeSeconds() / 15, match!.Value.TimeStep);
        Assert.True(match.Value.TimeStep > uint.MaxValue);
    }

    [Fact]
    public void Verify_EndsOfTime_DoNotOverflow()
    {
        var last = Totp.Generate(_secret, TotpParameters.Default, DateTimeOffset.MaxValue);
        var first = Totp.Generate(_secret, TotpParameters.Default, DateTimeOffset.MinValue);

        Assert.NotNull(Totp.Verify(_secret, TotpParameters.Default, last, DateTimeOffset.MaxValue, new TimeWindow(50, 50)));
        Assert.NotNull(Totp.Verify(_secret, TotpParameters.Default, first, DateTimeOffset.MinValue, new TimeWindow(50, 50)));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    public void Generate_DestinationOfAnotherLength_IsRefused(int length)
    {
        var parameters = new TotpParameters { Digits = 4 };

        var exception = Assert.Throws<ArgumentException>(() => Totp.Generate(_secret, parameters, 1, new char[length]));

        Assert.Equal("destination", exception.ParamName);
        Assert.Contains("4 characters", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GenerateAndVerify_NullArguments_AreRefusedByName()
    {
        Assert.Throws<ArgumentNullException>("secret", () => Totp.Generate(null!, TotpParameters.Default, Now));
        Assert.Throws<ArgumentNullException>("parameters", () => Totp.Generate(_secret, null!, Now));
        Assert.Throws<ArgumentNullException>("secret", () => Totp.Verify(null!, TotpParameters.Default, "081804", Now, TimeWindow.OneStep));
        Assert.Throws<ArgumentNullException>("parameters", () => Totp.Verify(_secret, null!, "081804", Now, TimeWindow.OneStep));
    }

    [Fact]
    public void Verify_DisposedSecret_Throws()
    {
        _secret.Dispose();

        Assert.Throws<ObjectDisposedException>(() => Totp.Verify(_secret, TotpParameters.Default, "081804", Now, TimeWindow.OneStep));
    }

    [Fact]
    public void Verify_DigitsOfAnotherSecret_IsAMiss()
    {
        using var other = SharedSecret.FromBytes(new byte[20]);

        var match = Totp.Verify(other, TotpParameters.Default, Totp.Generate(_secret, TotpParameters.Default, Now), Now, TimeWindow.OneStep);

        Assert.Null(match);
    }

    private static byte[] KeyOf(SharedSecret secret) => secret.Key.ToArray();
}
