using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Core.Tests.Operations;

public sealed class DisableTests
{
    private readonly Scenario _scenario = new();

    [Fact]
    public async Task DisableAsync_YoungReceipt_RemovesFactorsAndKeepsThrottleAndHistory()
    {
        var (phone, codes) = await _scenario.EnrollAsync();
        var proof = await _scenario.ReceiptAsync(phone.GetCode());
        await _scenario.FailAsync(3, phone);

        var disabled = await _scenario.DisableAsync(proof);

        Assert.True(disabled.Succeeded);
        var status = await _scenario.StatusAsync();
        Assert.False(status.IsEnabled);
        Assert.Equal(0, status.RecoveryCodesLeft);
        Assert.Equal(3, status.TotpOnUnknownDevices.ConsecutiveFailures);
        Assert.Equal(MfaEventKind.Disabled, status.RecentEvents[^1].Kind);
        Assert.Equal(RefusalReason.NotEnrolled, (await _scenario.VerifyAsync(phone.GetCode())).Reason);
        Assert.Equal(RefusalReason.NotEnrolled, (await _scenario.VerifyAsync(codes!.Reveal()[0])).Reason);
    }

    [Fact]
    public async Task DisableAsync_PolicyRequiresMfa_IsRefusedAndConsumesNoCode()
    {
        var (phone, _) = await _scenario.EnrollAsync();

        var disabled = await _scenario.Mfa.DisableAsync(_scenario.User, MfaPolicy.Required, _scenario.CodeOf(phone), Scenario.Token);

        Assert.Equal(MfaChangeOutcome.RequiredByPolicy, disabled.Outcome);
        Assert.Null(disabled.Verification);
        Assert.True((await _scenario.VerifyAsync(phone.GetCode())).Succeeded);
    }

    [Fact]
    public async Task DisableAsync_PolicyThatWasNotRead_Throws() => await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
        async () => await _scenario.Mfa.DisableAsync(_scenario.User, default, proof: null, Scenario.Token));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DisableAsync_EnrollmentBegun_EndsItAsAResetDoes(bool isReset)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var proof = await _scenario.ReceiptAsync(phone.GetCode());
        var (offer, device) = await _scenario.BeginAndScanAsync(proof);

        Assert.True((isReset ? await _scenario.ResetAsync() : await _scenario.DisableAsync(proof)).Succeeded);

        Assert.Equal(MfaChangeOutcome.NotFound, (await _scenario.ConfirmAsync(offer, device.GetCode())).Outcome);
    }
}
