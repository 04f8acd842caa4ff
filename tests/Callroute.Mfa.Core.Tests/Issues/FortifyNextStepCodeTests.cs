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
        var next = Totp.Generate(secret, TotpParameters.Default, now.AddSeconds(1));

        var atFirst = Totp.Verify(secret, TotpParameters.Default, next, now, TimeWindow.OneStep);
        var later = Totp.Verify(secret, TotpParameters.Default, next, now.AddSeconds(31), TimeWindow.OneStep);

        Assert.Equal(2, atFirst!.Value.TimeStep);
        Assert.Equal(atFirst.Value.TimeStep, later!.Value.TimeStep);
    }
}
