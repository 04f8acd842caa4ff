using Callroute.Mfa.Otp;
using Callroute.Mfa.Secrets;

namespace Callroute.Mfa.Core.Tests.Otp;

public sealed class OtpAllocationTests : IDisposable
{
    private const int Runs = 1000;

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(59);

    private readonly SharedSecret _secret = RfcSeed.Sha1();
    private readonly char[] _code = new char[6];

    public void Dispose() => _secret.Dispose();

    [Theory]
    [InlineData(OtpAlgorithm.Sha1)]
    [InlineData(OtpAlgorithm.Sha256)]
    [InlineData(OtpAlgorithm.Sha512)]
    public void Generate_IntoASpan_AllocatesNothing(OtpAlgorithm algorithm)
    {
        var totp = new TotpParameters { Algorithm = algorithm };
        var hotp = new HotpParameters { Algorithm = algorithm };

        Assert.Equal(0, Allocated.By(() => Totp.Generate(_secret, totp, 1, _code), Runs));
        Assert.Equal(0, Allocated.By(() => Hotp.Generate(_secret, hotp, 1, _code), Runs));
    }

    [Theory]
    [InlineData("287082", true)]
    [InlineData("287083", false)]
    [InlineData("28708", false)]
    public void Verify_HitOrMiss_AllocatesNothing(string code, bool accepted)
    {
        TotpMatch? match = null;

        var bytes = Allocated.By(() => match = Totp.Verify(_secret, TotpParameters.Default, code, Now, TimeWindow.OneStep), Runs);

        Assert.Equal(accepted, match is not null);
        Assert.Equal(0, bytes);
    }

    [Theory]
    [InlineData("287082", true)]
    [InlineData("287083", false)]
    public void VerifyHotp_HitOrMiss_AllocatesNothing(string code, bool accepted)
    {
        HotpMatch? match = null;

        var bytes = Allocated.By(() => match = Hotp.Verify(_secret, HotpParameters.Default, code, 0, 2), Runs);

        Assert.Equal(accepted, match is not null);
        Assert.Equal(0, bytes);
    }
}
