using Callroute.Mfa.Provisioning;

namespace Callroute.Mfa.Core.Tests.Issues;

// QRCoder's own payload drops the label when there is no issuer.
public class QrCoderLabelWithoutIssuerTests
{
    [Fact]
    public void Reveal_ParsedWithoutIssuer_KeepsTheLabel()
    {
        var uri = ProvisioningUri.Parse("otpauth://totp/alice%40example.com?secret=GEZDGNBVGY3TQOJQ");
        using var secret = uri.Secret;

        Assert.Equal("otpauth://totp/alice%40example.com?secret=GEZDGNBVGY3TQOJQ&algorithm=SHA1&digits=6&period=30", uri.Reveal());
    }
}
