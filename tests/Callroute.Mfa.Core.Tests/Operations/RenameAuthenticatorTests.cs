
namespace Callroute.Mfa.Core.Tests.Operations;

public sealed class RenameAuthenticatorTests
{
    private readonly Scenario _scenario = new();

    [Theory]
    [InlineData("  New\u0007 phone\u200B ", "New phone")]
    [InlineData("\u200B", null)]
    [InlineData(null, null)]
    public async Task RenameAuthenticatorAsync_AnyName_IsNormalisedAsAtTheEnrolment(string? name, string? expected)
    {
        await _scenario.EnrollAsync(name: "Old phone");

        var renamed = await RenameAsync(name);

        Assert.True(renamed.Succeeded);
        Assert.Equal(expected, (await _scenario.StatusAsync()).Authenticators[0].Name);
        Assert.Equal(await _scenario.FirstAuthenticatorAsync(), _scenario.Events[^1].AuthenticatorId);
    }

    private async Task<MfaChangeResult> RenameAsync(string? name) => await _scenario.Mfa.RenameAuthenticatorAsync(
        _scenario.User, await _scenario.FirstAuthenticatorAsync(), name, Scenario.Token);
}
