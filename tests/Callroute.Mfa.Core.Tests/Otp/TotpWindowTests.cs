using Callroute.Mfa.Otp;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Core.Tests.Otp;

// Bar B-09: which steps a window accepts, at every boundary of the verifier's own step.
public sealed class TotpWindowTests : IDisposable
{
    private const long Step = 37037036;

    private static readonly int[] Inside = [-1, 0, 1];
    private static readonly int[] Outside = [-3, -2, 2, 3];
    private static readonly double[] Seconds = [0, 29, 29.999];

    private readonly SharedSecret _secret = RfcSeed.Sha1();

    public static MatrixTheoryData<int, double> Accepted => new(Inside, Seconds);

    public static MatrixTheoryData<int, double> Refused => new(Outside, Seconds);

    public void Dispose() => _secret.Dispose();

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Verify_OneStepWindow_AcceptsTheNeighboursWithTheirDrift(int offset, double second)
    {
        var match = Totp.Verify(_secret, TotpParameters.Default, CodeOf(Step + offset), TimeIn(Step, second), TimeWindow.OneStep);

        Assert.Equal(new TotpMatch(Step + offset, offset), match);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Verify_OneStepWindow_RefusesFartherSteps(int offset, double second)
    {
        var match = Totp.Verify(_secret, TotpParameters.Default, CodeOf(Step + offset), TimeIn(Step, second), TimeWindow.OneStep);

        Assert.Null(match);
    }

    [Theory]
    [InlineData(-1, 29.999, 0)]
    [InlineData(0, 30, -1)]
    [InlineData(0, 59.999, -1)]
    [InlineData(1, 0, 1)]
    public void Verify_StepBoundary_MovesTheDriftByOne(int offset, double second, int drift)
    {
        var time = TimeIn(Step + Math.Min(offset, 0), second);

        var match = Totp.Verify(_secret, TotpParameters.Default, CodeOf(Step + offset), time, TimeWindow.OneStep);

        Assert.Equal(drift, match!.Value.Drift);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(29.999, true)]
    [InlineData(-0.001, false)]
    [InlineData(30, false)]
    public void Verify_StrictWindow_AcceptsTheCodeForItsOwnStepOnly(double second, bool accepted)
    {
        var match = Totp.Verify(_secret, TotpParameters.Default, CodeOf(Step), TimeIn(Step, second), TimeWindow.Strict);

        Assert.Equal(accepted, match is not null);
    }

    [Theory]
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
    public void Verify_UnevenOrWideWindow_EndsExactly(int past, int future, int offset, bool accepted)
    {
        var match = Totp.Verify(_secret, TotpParameters.Default, CodeOf(Step + offset), TimeIn(Step, 12), new TimeWindow(past, future));

        Assert.Equal(accepted ? new TotpMatch(Step + offset, offset) : null, match);
    }

    [Fact]
    public void Verify_TwoNeighbouringStepsShareACode_TakesTheHigher()
    {
        var parameters = new TotpParameters { Digits = 4 };
        var lower = FirstStepThatSharesItsCode(parameters, distance: 1);
        var code = Totp.Generate(_secret, parameters, parameters.GetStartOf(lower));

        var atLower = Totp.Verify(_secret, parameters, code, parameters.GetStartOf(lower), TimeWindow.OneStep);
        var atHigher = Totp.Verify(_secret, parameters, code, parameters.GetStartOf(lower + 1), TimeWindow.OneStep);
        var strict = Totp.Verify(_secret, parameters, code, parameters.GetStartOf(lower), TimeWindow.Strict);

        Assert.Equal(new TotpMatch(lower + 1, 1), atLower);
        Assert.Equal(new TotpMatch(lower + 1, 0), atHigher);
        Assert.Equal(new TotpMatch(lower, 0), strict);
    }

    [Fact]
    public void Verify_EndsOfTheWindowShareACode_TakesTheHigher()
    {
        var parameters = new TotpParameters { Digits = 4 };
        var lower = FirstStepThatSharesItsCode(parameters, distance: 2);
        var code = Totp.Generate(_secret, parameters, parameters.GetStartOf(lower));

        var match = Totp.Verify(_secret, parameters, code, parameters.GetStartOf(lower + 1), TimeWindow.OneStep);

        Assert.Equal(new TotpMatch(lower + 2, 1), match);
    }

    private static DateTimeOffset TimeIn(long step, double second) =>
        TotpParameters.Default.GetStartOf(step) + TimeSpan.FromSeconds(second);

    private string CodeOf(long step) =>
        Totp.Generate(_secret, TotpParameters.Default, TotpParameters.Default.GetStartOf(step));

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
