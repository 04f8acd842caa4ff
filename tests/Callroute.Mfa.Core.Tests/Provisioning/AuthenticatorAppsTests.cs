using Callroute.Mfa.Otp;
using Callroute.Mfa.Provisioning;

namespace Callroute.Mfa.Core.Tests.Provisioning;

public class AuthenticatorAppsTests
{
    [Theory]
    [InlineData(OtpAlgorithm.Sha256, 6, 30, 20, "Google ignore the algorithm|Microsoft Ignores the algorithm|Authy Ignores the algorithm")]
    [InlineData(OtpAlgorithm.Sha512, 6, 30, 20, "Google ignore the algorithm|Microsoft Ignores the algorithm|Authy Ignores the algorithm")]
    [InlineData(OtpAlgorithm.Sha1, 8, 30, 20, "Google ignore the digits|Microsoft Ignores the digits")]
    [InlineData(OtpAlgorithm.Sha1, 7, 30, 20, "Google 6 or 8 digits only|Microsoft Ignores the digits|Authy 6 or 8 digits only")]
    [InlineData(OtpAlgorithm.Sha1, 4, 30, 20, "Google 6 or 8 digits only|Microsoft Ignores the digits|Authy 6 or 8 digits only")]
    [InlineData(OtpAlgorithm.Sha1, 6, 60, 20, "Google ignore the period|Microsoft Ignores the period|Authy Ignores the period")]
    [InlineData(OtpAlgorithm.Sha1, 6, 61, 20,
        "Google ignore the period|Microsoft Ignores the period|Authy Ignores the period|KeePassXC 60 seconds to 60")]
    [InlineData(OtpAlgorithm.Sha1, 6, 30, 32, "Google multiple of 5 bytes")]
    [InlineData(OtpAlgorithm.Sha1, 6, 30, 64, "Google multiple of 5 bytes")]
    [InlineData(OtpAlgorithm.Sha1, 6, 30, 10, "")]
    [InlineData(OtpAlgorithm.Sha1, 6, 30, 5, "Google under 10 bytes")]
    public void GetWarnings_UnusualTotp_NameAppAndReason(OtpAlgorithm algorithm, int digits, int period, int size, string expected)
    {
        using var secret = SharedSecret.FromBytes(new byte[size], minimumSize: 1);
        var parameters = new TotpParameters { Algorithm = algorithm, Digits = digits, Period = TimeSpan.FromSeconds(period) };

        var warnings = AuthenticatorApps.GetWarnings(ProvisioningUri.ForTotp("Example", "alice", secret, parameters));

        AssertWarnings(expected, warnings);
    }

    [Fact]
    public void GetWarnings_Hotp_MicrosoftTreatsItAsTimeBased()
    {
        using var secret = SharedSecret.Generate();

        var warnings = AuthenticatorApps.GetWarnings(ProvisioningUri.ForHotp("Example", "alice", secret, new HotpParameters(), 0));

        AssertWarnings("Microsoft time-based", warnings);
    }

    [Fact]
    public void GetWarnings_NoIssuer_MicrosoftNeedsOne()
    {
        var uri = ProvisioningUri.Parse("otpauth://totp/alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        using var secret = uri.Secret;

        AssertWarnings("Microsoft issuer", AuthenticatorApps.GetWarnings(uri));
    }

    [Fact]
    public void GetWarnings_EverythingUnusual_AreByAppAndHoldNoSecret()
    {
        using var secret = SharedSecret.FromBytes("1234567"u8, minimumSize: 1);
        var uri = ProvisioningUri.ForHotp(
            "Example", "alice", secret, new HotpParameters { Algorithm = OtpAlgorithm.Sha512, Digits = 5 }, 3);

        var warnings = AuthenticatorApps.GetWarnings(uri);

        Assert.Equal(
            [AuthenticatorApp.Google, AuthenticatorApp.Microsoft, AuthenticatorApp.Authy],
            warnings.Select(warning => warning.App).Distinct());
        Assert.DoesNotContain(warnings, warning => warning.Message.Contains(secret.RevealBase32(), StringComparison.Ordinal));
    }

    [Fact]
    public void GetWarnings_Null_IsRefused()
    {
        Assert.Throws<ArgumentNullException>("uri", () => AuthenticatorApps.GetWarnings(null!));
    }

    // Each expectation is the app, a space, and words of its warning; all of them in order.
    private static void AssertWarnings(string expected, IReadOnlyList<CompatibilityWarning> warnings) =>
        Assert.Collection(
            warnings,
            [.. expected.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(line => (Action<CompatibilityWarning>)(warning =>
            {
                Assert.Equal(line.Split(' ')[0], warning.App.ToString());
                Assert.Contains(line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..], warning.Message, StringComparison.Ordinal);
            }))]);
}
