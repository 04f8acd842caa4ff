namespace Callroute.Mfa.Core.Tests.Operations;

public sealed class RemoveAuthenticatorTests
{
    private readonly Scenario _scenario = new();

    [Fact]
    public async Task RemoveAuthenticatorAsync_OneOfTwo_LeavesTheOther()
    {
        var (phone, tablet, _) = await _scenario.EnrollTwoAsync();

        var removed = await _scenario.RemoveAsync(await _scenario.FirstAuthenticatorAsync(), _scenario.CodeOf(tablet));
        _scenario.NextCode();

        Assert.True(removed.Succeeded, removed.Outcome.ToString());
        Assert.Equal(RefusalReason.WrongCode, (await _scenario.VerifyAsync(phone.GetCode())).Reason);
        Assert.True((await _scenario.VerifyAsync(tablet.GetCode())).Succeeded);
    }
}
