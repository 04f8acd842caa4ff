namespace Callroute.Mfa.Core.Tests.Operations;

public sealed class AcknowledgeRecoveryCodesTests
{
    private readonly Scenario _scenario = new();

    [Fact]
    public async Task AcknowledgeRecoveryCodesAsync_PendingSet_ReplacesTheOld()
    {
        var (phone, old) = await _scenario.EnrollAsync();
        var made = (await _scenario.RegenerateAsync(_scenario.CodeOf(phone))).RecoveryCodes!;

        Assert.True((await _scenario.AcknowledgeAsync(made)).Succeeded);

        Assert.Equal(RefusalReason.WrongCode, (await _scenario.VerifyAsync(old!.Reveal()[0])).Reason);
        Assert.True((await _scenario.VerifyAsync(made.Reveal()[0])).Succeeded);
    }

    [Fact]
    public async Task AcknowledgeRecoveryCodesAsync_SetThatWasReplaced_IsNotFound()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var proof = await _scenario.ReceiptAsync(phone.GetCode());
        var first = (await _scenario.RegenerateAsync(proof)).RecoveryCodes!;
        var second = (await _scenario.RegenerateAsync(proof)).RecoveryCodes!;

        Assert.Equal(MfaChangeOutcome.NotFound, (await _scenario.AcknowledgeAsync(first)).Outcome);
        Assert.True((await _scenario.AcknowledgeAsync(second)).Succeeded);
        Assert.False((await _scenario.VerifyAsync(first.Reveal()[0])).Succeeded);
    }

    [Fact]
    public async Task AcknowledgeRecoveryCodesAsync_FirstSet_ShowsInTheStatus()
    {
        var (_, codes) = await _scenario.EnrollAsync();
        Assert.False((await _scenario.StatusAsync()).AreRecoveryCodesAcknowledged);

        await _scenario.AcknowledgeAsync(codes);

        Assert.True((await _scenario.StatusAsync()).AreRecoveryCodesAcknowledged);
    }
}
