namespace Callroute.Mfa.Core.Tests.Operations;

public sealed class GetSignInRequirementTests
{
    private readonly Scenario _scenario = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GetSignInRequirementAsync_NeverEnrolled_NeverOpensADoor(bool hasBegun)
    {
        if (hasBegun)
        {
            await _scenario.BeginAsync();
        }

        Assert.Equal(SignInRequirement.NotRequired, await _scenario.RequirementAsync());
        Assert.Equal(SignInRequirement.Unavailable, await _scenario.RequirementAsync(isEnrolled: true));
    }
}
