using Callroute.Mfa.Core.Tests.Execution;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Core.Tests.Operations;

/// <summary>Reads from a replica that is late: behind a proxy that balances reads, or on another node of a cluster.</summary>
public sealed class StaleReadTests
{
    private readonly HookedStore _store = new();
    private readonly Scenario _scenario;

    public StaleReadTests() => _scenario = new Scenario(store: _store);

    [Theory]
    [InlineData("confirm")]
    [InlineData("resume")]
    [InlineData("acknowledge")]
    [InlineData("remove")]
    public async Task Operation_RecordOfBeforeIsRead_FindsWhatIsThere(string operation)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        _scenario.NextCode();
        var proof = MfaProof.FromReceipt((await _scenario.VerifyAsync(phone.GetCode())).Receipt!);
        var before = await _store.FindAsync(_scenario.User, Scenario.Token);
        var (offer, second) = await _scenario.BeginAndScanAsync(proof);
        var issued = (await _scenario.RegenerateAsync(proof)).RecoveryCodes;
        var added = operation == "remove" ? (await _scenario.ConfirmAsync(offer, second.GetCode())).AuthenticatorId : null;
        BeLate(before);

        var outcome = operation switch
        {
            "confirm" => (await _scenario.ConfirmAsync(offer, second.GetCode())).Outcome,
            "resume" => (await _scenario.ResumeAsync(offer.EnrollmentId)).Outcome,
            "acknowledge" => (await _scenario.AcknowledgeAsync(issued)).Outcome,
            _ => (await _scenario.RemoveAsync(added!.Value, proof)).Outcome,
        };

        Assert.Equal(MfaChangeOutcome.Succeeded, outcome);
    }

    [Theory]
    [InlineData("code")]
    [InlineData("recovery code")]
    [InlineData("disable")]
    public async Task Operation_RecordOfWhenMfaWasDisabledIsRead_FindsTheNewEnrolment(string operation)
    {
        await _scenario.EnrollAsync();
        await _scenario.ResetAsync("new phone");
        var disabled = await _store.FindAsync(_scenario.User, Scenario.Token);
        var (phone, codes) = await _scenario.EnrollAsync();
        _scenario.NextCode();
        var receipt = (await _scenario.VerifyAsync(phone.GetCode())).Receipt!;
        _scenario.NextCode();
        BeLate(disabled);

        var isAccepted = operation switch
        {
            "code" => (await _scenario.VerifyAsync(phone.GetCode())).Succeeded,
            "recovery code" => (await _scenario.VerifyAsync(codes!.Reveal()[0])).Succeeded,
            _ => (await _scenario.DisableAsync(MfaProof.FromReceipt(receipt))).Succeeded,
        };

        Assert.True(isAccepted);
    }

    [Fact]
    public async Task ConfirmEnrollmentAsync_NoRecordIsRead_IsUnavailable()
    {
        var (offer, phone) = await _scenario.BeginAndScanAsync();
        BeLate(null);

        var outcomes = new[]
        {
            (await _scenario.ConfirmAsync(offer, phone.GetCode())).Outcome,
            (await _scenario.ConfirmAsync(offer, phone.GetCode())).Outcome,
            (await _scenario.ConfirmAsync(offer, phone.GetCode())).Outcome,
        };

        Assert.Equal([MfaChangeOutcome.Unavailable, MfaChangeOutcome.Unavailable, MfaChangeOutcome.Succeeded], outcomes);
    }

    // Only a record can have given the set of codes or the receipt.
    [Theory]
    [InlineData("acknowledge")]
    [InlineData("disable")]
    [InlineData("regenerate")]
    public async Task Operation_NoRecordIsReadButWhatOneGaveIsPresented_IsUnavailable(string operation)
    {
        var (phone, codes) = await _scenario.EnrollAsync();
        var receipt = await _scenario.ReceiptAsync(phone.GetCode());
        BeLate(null);

        var outcome = operation switch
        {
            "acknowledge" => (await _scenario.AcknowledgeAsync(codes)).Outcome,
            "disable" => (await _scenario.DisableAsync(receipt)).Outcome,
            _ => (await _scenario.RegenerateAsync(receipt)).Outcome,
        };

        Assert.Equal(MfaChangeOutcome.Unavailable, outcome);
    }

    /// <summary>The next two reads return this record.</summary>
    private void BeLate(StoredRecord? late)
    {
        var reads = 0;
        _store.OnFind = (_, stored) => ++reads > 2 ? stored : late;
    }
}
