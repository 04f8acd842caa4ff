using Callroute.Mfa.Otp;
using Callroute.Mfa.Otp.Vectorized;

namespace Callroute.Mfa.Core.Tests.Otp.Vectorized;

/// <summary>The switches that turn the kernel on. <see cref="ChildProcessTests"/> runs this class again with the switch on.</summary>
public sealed class VectorizedSwitchTests
{
    public const string SwitchVariable = "CALLROUTE_VECTORIZED_SWITCH";

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(59);
    private static readonly byte[] Key = "12345678901234567890"u8.ToArray();

    private readonly bool _isSwitchedOn = Environment.GetEnvironmentVariable(SwitchVariable) is not null;

    [Fact]
    public void Switch_OnOrOff_IsTheDefaultOfTheOption()
    {
        Assert.Equal(_isSwitchedOn, VectorizedHmac.IsSwitchedOn);
        Assert.Equal(_isSwitchedOn, new MfaOptions { Issuer = "Example" }.UseVectorizedHmac);
    }

    // A new secret must create an object for the platform's HMAC; the kernel creates none.
    [Fact]
    public void Verify_WithTheKernelOn_MakesNoHmacOfThePlatform()
    {
        Assert.SkipUnless(VectorizedHmac.Supports(OtpAlgorithm.Sha1), "Vectors are not accelerated here.");

        var platform = Allocated.By(() => VerifyWithANewSecret(vectorized: false));
        var kernel = Allocated.By(() => VerifyWithANewSecret(vectorized: true));
        var engine = Allocated.By(VerifyWithANewSecret);

        Assert.True(kernel < platform, $"{kernel} bytes, {platform} bytes with the platform's");
        Assert.Equal(_isSwitchedOn ? kernel : platform, engine);
    }

    [Theory]
    [InlineData(OtpAlgorithm.Sha1, "94287082")]
    [InlineData(OtpAlgorithm.Sha256, "46119246")]
    [InlineData(OtpAlgorithm.Sha512, "90693936")]
    public void Verify_BothWays_AcceptTheCodeOfRfc6238(OtpAlgorithm algorithm, string code)
    {
        using var secret = RfcSeed.Of(algorithm);
        var parameters = new TotpParameters { Algorithm = algorithm, Digits = 8 };

        Assert.Equal(1, Totp.Verify(secret, parameters, code, Now, 1, 1, vectorized: false));
        Assert.Equal(1, Totp.Verify(secret, parameters, code, Now, 1, 1, vectorized: true));
    }

    private static void VerifyWithANewSecret(bool vectorized)
    {
        using var secret = SharedSecret.FromBytes(Key);
        Assert.NotNull(Totp.Verify(secret, new TotpParameters(), "287082", Now, 1, 1, vectorized));
    }

    private static void VerifyWithANewSecret()
    {
        using var secret = SharedSecret.FromBytes(Key);
        Assert.NotNull(Totp.Verify(secret, new TotpParameters(), "287082", Now, 1, 1));
    }
}
