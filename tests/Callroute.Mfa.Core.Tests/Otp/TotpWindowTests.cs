using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Core.Tests.Otp;

// The steps that a window accepts, at every boundary of the current step.
public sealed class TotpWindowTests : IDisposable
{
    private const long Step = 37037036;

    private static readonly double[] Seconds = [0, 29, 29.999];

    private readonly SharedSecret _secret = RfcSeed.Sha1();

    public void Dispose() => _secret.Dispose();

    [Theory]
    [InlineData(1, 1, -1, true)]
    [InlineData(1, 1, 0, true)]
    [InlineData(1, 1, 1, true)]
    [InlineData(1, 1, -2, false)]
    [InlineData(1, 1, 2, false)]
    [InlineData(1, 1, 3, false)]
    [InlineData(2, 0, -2, true)]
    [InlineData(2, 0, 1, false)]
    [InlineData(2, 0, -3, false)]
    [InlineData(0, 2, 2, true)]
    [InlineData(0, 2, -1, false)]
    [InlineData(0, 2, 3, false)]
    [InlineData(50, 50, -50, true)]
    [InlineData(50, 50, 50, true)]
    [InlineData(50, 50, -51, false)]
    [InlineData(50, 50, 51, false)]
    public void Verify_Window_AcceptsItsStepsOnlyAtEveryMomentOfTheCurrentOne(int past, int future, int offset, bool accepted)
    {
        var expected = accepted ? Step + offset : (long?)null;

        Assert.All(Seconds, second => Assert.Equal(
            expected, Totp.Verify(_secret, new TotpParameters(), CodeOf(Step + offset), TimeIn(Step, second), past, future)));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(29.999, true)]
    [InlineData(-0.001, false)]
    [InlineData(30, false)]
    public void Verify_StrictWindow_AcceptsTheCodeForItsOwnStepOnly(double second, bool accepted)
    {
        var match = Totp.Verify(_secret, new TotpParameters(), CodeOf(Step), TimeIn(Step, second), 0, 0);

        Assert.Equal(accepted, match is not null);
    }

    [Fact]
    public void Verify_TwoNeighbouringStepsShareACode_TakesTheHigher()
    {
        var parameters = new TotpParameters { Digits = 4 };
        var lower = FirstStepThatSharesItsCode(parameters, distance: 1);
        var code = Totp.Generate(_secret, parameters, parameters.GetStartOf(lower));

        var atLower = Totp.Verify(_secret, parameters, code, parameters.GetStartOf(lower), 1, 1);
        var atHigher = Totp.Verify(_secret, parameters, code, parameters.GetStartOf(lower + 1), 1, 1);
        var strict = Totp.Verify(_secret, parameters, code, parameters.GetStartOf(lower), 0, 0);

        Assert.Equal(lower + 1, atLower);
        Assert.Equal(lower + 1, atHigher);
        Assert.Equal(lower, strict);
    }

    [Fact]
    public void Verify_EndsOfTheWindowShareACode_TakesTheHigher()
    {
        var parameters = new TotpParameters { Digits = 4 };
        var lower = FirstStepThatSharesItsCode(parameters, distance: 2);
        var code = Totp.Generate(_secret, parameters, parameters.GetStartOf(lower));

        var match = Totp.Verify(_secret, parameters, code, parameters.GetStartOf(lower + 1), 1, 1);

        Assert.Equal(lower + 2, match);
    }

    [Theory]
    [InlineData(-1, 0, "pastSteps")]
    [InlineData(51, 0, "pastSteps")]
    [InlineData(0, -1, "futureSteps")]
    [InlineData(0, 51, "futureSteps")]
    public void Verify_StepsOutOfRange_NamesParameterRangeAndValue(int pastSteps, int futureSteps, string name)
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>(
            name, () => Totp.Verify(_secret, new TotpParameters(), "081804", DateTimeOffset.UnixEpoch, pastSteps, futureSteps));

        Assert.StartsWith($"{name} must be 0–50, was {pastSteps + futureSteps}.", exception.Message, StringComparison.Ordinal);
    }

    private static DateTimeOffset TimeIn(long step, double second) =>
        new TotpParameters().GetStartOf(step) + TimeSpan.FromSeconds(second);

    private string CodeOf(long step) =>
        Totp.Generate(_secret, new TotpParameters(), new TotpParameters().GetStartOf(step));

    private long FirstStepThatSharesItsCode(TotpParameters parameters, int distance)
    {
        Span<char> code = stackalloc char[parameters.Digits];
        Span<char> other = stackalloc char[parameters.Digits];
        for (var step = 0L; ; step++)
        {
            Totp.Generate(_secret, parameters, step, code);
            Totp.Generate(_secret, parameters, step + distance, other);
            if (code.SequenceEqual(other))
            {
                return step;
            }
        }
    }
}
