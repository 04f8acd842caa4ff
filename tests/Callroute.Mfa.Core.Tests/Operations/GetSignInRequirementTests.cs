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

        Assert.Equal(SignInRequirement.NotRequired, await _scenario.RequirementAsync(requiredByHost: false));
        Assert.Equal(SignInRequirement.Unavailable, await _scenario.RequirementAsync(requiredByHost: true));
    }

    [Fact]
    public async Task GetSignInRequirementAsync_EnrolledThenReset_AsksForTheCodeThenForEnrollment()
    {
        await _scenario.EnrollAsync();
        var enrolled = await _scenario.RequirementAsync(requiredByHost: false);
        await _scenario.ResetAsync();
        var reset = await _scenario.RequirementAsync(requiredByHost: true);

        Assert.Equal(SignInRequirement.Required, enrolled);
        Assert.Equal(SignInRequirement.EnrollmentRequired, reset);
    }
}
