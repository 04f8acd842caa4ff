using Callroute.Mfa.Otp;

namespace Callroute.Mfa.Core.Tests.Issues;

// laravel/fortify: on first use it remembers the current step, not the matched one, so a next-step code works twice.
public class FortifyNextStepCodeTests
{
    [Fact]
    public void Verify_CodeOfTheNextStep_ReportsThatStepToConsume()
    {
        using var secret = RfcSeed.Sha1();
        var now = DateTimeOffset.FromUnixTimeSeconds(59);
        var next = Totp.Generate(secret, new TotpParameters(), now.AddSeconds(1));

        var atFirst = Totp.Verify(secret, new TotpParameters(), next, now, 1, 1);
        var later = Totp.Verify(secret, new TotpParameters(), next, now.AddSeconds(31), 1, 1);

        Assert.Equal(2, atFirst);
        Assert.Equal(atFirst, later);
    }
}
