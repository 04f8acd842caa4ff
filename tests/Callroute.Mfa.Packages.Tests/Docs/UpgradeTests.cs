using System.Security.Cryptography;
using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;
using OtpNet;

namespace Callroute.Mfa.Packages.Tests.Docs;

/// <summary>Both columns of docs/upgrading-from-otp-net.md give the same results.</summary>
public sealed class UpgradeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 10, TimeSpan.Zero);

    public static TheoryData<OtpAlgorithm, OtpHashMode, int, int> Parameters => new()
    {
        { OtpAlgorithm.Sha1, OtpHashMode.Sha1, 6, 30 },
        { OtpAlgorithm.Sha1, OtpHashMode.Sha1, 8, 60 },
        { OtpAlgorithm.Sha256, OtpHashMode.Sha256, 6, 30 },
        { OtpAlgorithm.Sha512, OtpHashMode.Sha512, 8, 30 },
    };

    [Fact]
    public void Page_VersionOfOtpNet_IsTheOneComparedWith()
    {
        Assert.Contains(
            $"with Otp.NET {CentralVersions.Of("Otp.NET")}", Repository.Read("docs/upgrading-from-otp-net.md"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public void Totp_SameSecret_GivesTheSameCodesAndMatches(OtpAlgorithm algorithm, OtpHashMode mode, int digits, int period)
    {
        var key = RandomNumberGenerator.GetBytes(20);
        using var secret = SharedSecret.FromBytes(key);
        var ours = new TotpParameters { Algorithm = algorithm, Digits = digits, Period = TimeSpan.FromSeconds(period) };
        var theirs = new OtpNet.Totp(key, period, mode, digits);

        for (var hour = 0; hour < 200; hour++)
        {
            var time = Now.AddHours(hour * 101);
            var code = theirs.ComputeTotp(time.UtcDateTime);
            Assert.Equal(code, Mfa.Otp.Totp.Generate(secret, ours, time));
            Assert.True(theirs.VerifyTotp(time.UtcDateTime, code, out var step, new VerificationWindow(previous: 1, future: 1)));
            Assert.Equal(step, Mfa.Otp.Totp.Verify(secret, ours, code, time, pastSteps: 1, futureSteps: 1));
        }
    }

    [Fact]
    public void RfcSpecifiedNetworkDelay_IsOneStep()
    {
        var key = RandomNumberGenerator.GetBytes(20);
        using var secret = SharedSecret.FromBytes(key);
        var theirs = new OtpNet.Totp(key);

        Assert.All(Enumerable.Range(-3, 7).Select(i => theirs.ComputeTotp(Now.AddSeconds(30 * i).UtcDateTime)), code => Assert.Equal(
            theirs.VerifyTotp(Now.UtcDateTime, code, out _, VerificationWindow.RfcSpecifiedNetworkDelay),
            Mfa.Otp.Totp.Verify(secret, new TotpParameters(), code, Now, 1, 1) is not null));
    }

    [Fact]
    public void RemainingSeconds_AreTimeToTheNextStep()
    {
        var parameters = new TotpParameters();

        var remaining = parameters.GetStartOf(parameters.GetTimeStep(Now) + 1) - Now;

        Assert.Equal(new OtpNet.Totp(new byte[20]).RemainingSeconds(Now.UtcDateTime), remaining.TotalSeconds);
    }

    [Fact]
    public void Hotp_SameSecret_GivesTheSameCodes()
    {
        var key = RandomNumberGenerator.GetBytes(20);
        using var secret = SharedSecret.FromBytes(key);
        var theirs = new OtpNet.Hotp(key);

        Assert.All(
            Enumerable.Range(0, 200),
            counter => Assert.Equal(theirs.ComputeHOTP(counter), Mfa.Otp.Hotp.Generate(secret, new HotpParameters(), counter)));
    }

    [Fact]
    public void Secrets_InBase32_AreReadAndWrittenAlike()
    {
        var theirs = KeyGeneration.GenerateRandomKey(20);
        using var ours = SharedSecret.Generate(sizeInBytes: 20);

        Assert.Equal(20, ours.Size);
        Assert.Equal(theirs, Base32.Decode(Base32Encoding.ToString(theirs)));
        Assert.Equal(Base32Encoding.ToBytes("mzxw6ytboj="), Base32.Decode("mzxw6ytboj=", lenient: true));
        Assert.Equal(Base32Encoding.ToString(theirs), Base32.Encode(theirs));
    }

    [Fact]
    public void Uri_OfOtpNet_IsRead()
    {
        var key = Base32Encoding.ToString(KeyGeneration.GenerateRandomKey(20));

        var uri = ProvisioningUri.Parse(new OtpUri(OtpNet.OtpType.Totp, key, "alice@example.com", "Callroute").ToString());

        Assert.Equal(("Callroute", "alice@example.com", key), (uri.Issuer, uri.AccountName, uri.Secret.RevealBase32()));
        Assert.Equivalent(new TotpParameters(), uri.Totp, strict: true);
    }
}
