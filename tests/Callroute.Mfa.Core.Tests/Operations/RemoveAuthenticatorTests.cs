namespace Callroute.Mfa.Core.Tests.Operations;

public sealed class RemoveAuthenticatorTests
{
    private readonly Scenario _scenario = new(options => options.MaximumAuthenticators = 3);

    [Fact]
    public async Task RemoveAuthenticatorAsync_OneOfTwo_LeavesTheOther()
    {
        var (phone, tablet, _) = await _scenario.EnrollTwoAsync();

        await RemoveFirstAsync(_scenario.CodeOf(tablet));
        _scenario.NextCode();

        Assert.Equal(RefusalReason.WrongCode, (await _scenario.VerifyAsync(phone.GetCode())).Reason);
        Assert.True((await _scenario.VerifyAsync(tablet.GetCode())).Succeeded);
    }

    [Fact]
    public async Task RemoveAuthenticatorAsync_TheLast_IsRefused()
    {
        var (phone, _) = await _scenario.EnrollAsync();

        var removed = await _scenario.RemoveAsync(await _scenario.FirstAuthenticatorAsync(), _scenario.CodeOf(phone));

        Assert.Equal(MfaChangeOutcome.LastAuthenticator, removed.Outcome);
    }

    // The thief has begun an enrolment with the stolen phone.
    [Fact]
    public async Task RemoveAuthenticatorAsync_EnrollmentThatTheRemovedOneProved_CannotBeConfirmed()
    {
        var (stolen, tablet, _) = await _scenario.EnrollTwoAsync();
        var (offer, attacker) = await _scenario.BeginAndScanAsync(_scenario.CodeOf(stolen));
        _scenario.NextCode();

        await RemoveFirstAsync(_scenario.CodeOf(tablet));
        var confirmed = await _scenario.ConfirmAsync(offer, attacker.GetCode());

        Assert.False(confirmed.Succeeded, "The attacker's authenticator is bound after the stolen one was removed.");
    }

    [Fact]
    public async Task RemoveAuthenticatorAsync_PendingRecoveryCodesThatTheRemovedOneProved_NeitherWorkNorReplaceTheOthers()
    {
        var (stolen, tablet, owners) = await _scenario.EnrollTwoAsync();
        var thieves = (await _scenario.RegenerateAsync(_scenario.CodeOf(stolen))).RecoveryCodes!;

        await RemoveFirstAsync(_scenario.CodeOf(tablet));
        var result = await _scenario.VerifyAsync(thieves.Reveal()[0]);
        await _scenario.AcknowledgeAsync(thieves);

        Assert.False(result.Succeeded, "The thief signs in after the stolen phone was removed.");
        Assert.True((await _scenario.VerifyAsync(owners.Reveal()[0])).Succeeded, "The thief replaced the owner's codes.");
    }

    // The owner lost a phone and has just scanned the new one.
    [Fact]
    public async Task RemoveAuthenticatorAsync_EnrollmentThatARecoveryCodeProved_CanBeConfirmed()
    {
        var (_, _, codes) = await _scenario.EnrollTwoAsync();
        var receipt = await _scenario.ReceiptAsync(codes.Reveal()[0]);
        var (offer, phone) = await _scenario.BeginAndScanAsync(receipt);

        await RemoveFirstAsync(receipt);
        var confirmed = await _scenario.ConfirmAsync(offer, phone.GetCode());

        Assert.True(confirmed.Succeeded, confirmed.Outcome.ToString());
    }

    private async Task RemoveFirstAsync(MfaProof proof)
    {
        var removed = await _scenario.RemoveAsync(await _scenario.FirstAuthenticatorAsync(), proof);
        Assert.True(removed.Succeeded, removed.Outcome.ToString());
    }
}
