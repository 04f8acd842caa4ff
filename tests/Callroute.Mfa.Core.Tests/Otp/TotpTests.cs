using Callroute.Mfa.Otp;

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
        Assert.NotNull(Totp.Verify(_secret, parameters, code, Now, 0, 0));
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
        Assert.Equal(1, Totp.Verify(_secret, parameters, code, Now.AddSeconds(30), 0, 0));
    }

    // The codes are from Python's hmac module.
    [Theory]
    [InlineData(-1, "094451")]
    [InlineData(-2, "488204")]
    [InlineData(-1000000, "091101")]
    public void Generate_BeforeT0_HashesTheTwosComplement(long step, string expected)
    {
        var parameters = new TotpParameters { T0 = Now };
        var time = parameters.GetStartOf(step);

        var code = Totp.Generate(_secret, parameters, time);
        var match = Totp.Verify(_secret, parameters, code, time, 0, 0);

        Assert.Equal(expected, code);
        Assert.Equal(step, match);
    }

    [Fact]
    public void Verify_WindowAcrossT0_SpansNegativeAndPositiveSteps()
    {
        var code = Totp.Generate(_secret, new TotpParameters(), DateTimeOffset.UnixEpoch.AddSeconds(-1));

        var match = Totp.Verify(_secret, new TotpParameters(), code, DateTimeOffset.UnixEpoch, 1, 1);

        Assert.Equal(-1, match);
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
        var parameters = new TotpParameters { Period = TimeSpan.FromSeconds(15) };
        var time = new DateTimeOffset(9999, 6, 1, 0, 0, 0, TimeSpan.Zero);

        var match = Totp.Verify(_secret, parameters, Totp.Generate(_secret, parameters, time), time, 1, 1);

        Assert.Equal(time.ToUnixTimeSeconds() / 15, match);
        Assert.True(match > uint.MaxValue);
    }

    [Fact]
    public void Verify_EndsOfTime_DoNotOverflow()
    {
        var last = Totp.Generate(_secret, new TotpParameters(), DateTimeOffset.MaxValue);
        var first = Totp.Generate(_secret, new TotpParameters(), DateTimeOffset.MinValue);

        Assert.NotNull(Totp.Verify(_secret, new TotpParameters(), last, DateTimeOffset.MaxValue, 50, 50));
        Assert.NotNull(Totp.Verify(_secret, new TotpParameters(), first, DateTimeOffset.MinValue, 50, 50));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    public void Generate_DestinationOfAnotherLength_IsRefused(int length)
    {
        var parameters = new TotpParameters { Digits = 4 };

        var exception = Assert.Throws<ArgumentException>("destination", () => Totp.Generate(_secret, parameters, 1, new char[length]));

        Assert.Contains("4 characters", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GenerateAndVerify_NullArguments_AreRefusedByName()
    {
        Assert.Throws<ArgumentNullException>("secret", () => Totp.Generate(null!, new TotpParameters(), Now));
        Assert.Throws<ArgumentNullException>("parameters", () => Totp.Generate(_secret, null!, Now));
        Assert.Throws<ArgumentNullException>("secret", () => Totp.Verify(null!, new TotpParameters(), "081804", Now, 1, 1));
        Assert.Throws<ArgumentNullException>("parameters", () => Totp.Verify(_secret, null!, "081804", Now, 1, 1));
    }

    [Fact]
    public void Verify_DisposedSecret_Throws()
    {
        _secret.Dispose();

        Assert.Throws<ObjectDisposedException>(() => Totp.Verify(_secret, new TotpParameters(), "081804", Now, 1, 1));
    }
}
