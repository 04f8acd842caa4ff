using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Core.Tests.Otp;

public sealed class OtpAllocationTests : IDisposable
{
    private const int Runs = 1000;

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(59);

    private readonly SharedSecret _secret = RfcSeed.Sha1();
    private readonly TotpParameters _totp = new();
    private readonly HotpParameters _hotp = new();
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
    [InlineData("\uFF12\uFF18\uFF17\u200B \u0660\U0001D7D6\uFF12\n", true)]
    [InlineData("287083", false)]
    [InlineData("28708", false)]
    public void Verify_HitOrMiss_AllocatesNothing(string code, bool accepted)
    {
        long? totp = null;
        long? hotp = null;

        Assert.Equal(0, Allocated.By(() => totp = Totp.Verify(_secret, _totp, code, Now, 1, 1), Runs));
        Assert.Equal(0, Allocated.By(() => hotp = Hotp.Verify(_secret, _hotp, code, 0, 2), Runs));
        Assert.Equal((accepted, accepted), (totp is not null, hotp is not null));
    }
}
