namespace Callroute.Mfa.Core.Tests.Operations;

public sealed class ResumeEnrollmentTests
{
    [Fact]
    public async Task ResumeEnrollmentAsync_PageRefresh_OffersTheSameSecret()
    {
        var scenario = new Scenario();
        var offer = await scenario.BeginAsync();

        var again = await scenario.ResumeAsync(offer.EnrollmentId);

        Assert.Equal(offer.Uri!.Reveal(), again.Uri!.Reveal());
        Assert.Equal(offer.ExpiresAt, again.ExpiresAt);
    }
}
