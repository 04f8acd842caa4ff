using System.Text;
using Callroute.Mfa.Core.Tests.Execution;

namespace Callroute.Mfa.Core.Tests.Operations;

/// <summary>A retry of the request that used a recovery code.</summary>
public sealed class RepeatedAnswerTests
{
    private readonly HookedStore _store = new();
    private readonly Scenario _scenario;
    private readonly AttemptId _attempt = AttemptId.Create();

    public RepeatedAnswerTests() => _scenario = new Scenario(store: _store);

    private async Task<(string Code, VerificationResult Answer)> RecoverAsync()
    {
        var code = (await _scenario.EnrollAsync()).Codes!.Reveal()[0];
        var answer = await _scenario.VerifyAsync(code, _attempt);
        Assert.True(answer.Succeeded, answer.ToString());
        return (code, answer);
    }

    [Fact]
    public async Task VerifyAsync_SameCodeAndAttempt_GivesTheSameCodesWithoutAHash()
    {
        var (code, first) = await RecoverAsync();
        var runs = _scenario.Hasher.Runs;
        _scenario.Clock.Advance(TimeSpan.FromMinutes(9));

        var again = await _scenario.VerifyAsync(code, _attempt);

        Assert.True(again.Succeeded);
        Assert.Equal(first.ReplacementRecoveryCodes!.SetId, again.ReplacementRecoveryCodes!.SetId);
        Assert.Equal(first.ReplacementRecoveryCodes.Reveal()[0], again.ReplacementRecoveryCodes.Reveal()[0]);
        Assert.Equal(runs, _scenario.Hasher.Runs);
    }

    [Fact]
    public async Task VerifyAsync_Repeated_ReceiptHasTheTimeOfTheFirstAnswer()
    {
        var (code, _) = await RecoverAsync();
        _scenario.Clock.Advance(TimeSpan.FromMinutes(9));
        var receipt = MfaProof.FromReceipt((await _scenario.VerifyAsync(code, _attempt)).Receipt!);

        _scenario.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await _scenario.RegenerateAsync(receipt)).Succeeded);
        _scenario.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(MfaChangeOutcome.ProofRefused, (await _scenario.RegenerateAsync(receipt)).Outcome);
    }

    [Fact]
    public async Task VerifyAsync_SameCodeWithAnotherAttempt_IsWrong()
    {
        var (code, _) = await RecoverAsync();

        Assert.Equal(RefusalReason.WrongCode, (await _scenario.VerifyAsync(code)).Reason);
    }

    [Fact]
    public async Task VerifyAsync_RepeatedAfterTenMinutes_IsSpent()
    {
        var (code, _) = await RecoverAsync();
        _scenario.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(RefusalReason.AttemptSpent, (await _scenario.VerifyAsync(code, _attempt)).Reason);
    }

    [Fact]
    public async Task VerifyAsync_RepeatedWhileThrottled_StillGivesTheCodes()
    {
        var (code, _) = await RecoverAsync();
        for (var i = 0; i < 6; i++)
        {
            await _scenario.VerifyAsync(Scenario.WrongRecoveryCode());
        }

        Assert.True((await _scenario.VerifyAsync(code, _attempt)).Succeeded);
    }

    // A user who makes a later change has seen the answer.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task VerifyAsync_RepeatedAfterALaterChange_IsSpent(bool isProvedByTheReceipt)
    {
        var (code, first) = await RecoverAsync();
        var changed = isProvedByTheReceipt
            ? await _scenario.RegenerateAsync(MfaProof.FromReceipt(first.Receipt!))
            : await _scenario.AcknowledgeAsync(first.ReplacementRecoveryCodes);

        Assert.True(changed.Succeeded);
        Assert.Equal(RefusalReason.AttemptSpent, (await _scenario.VerifyAsync(code, _attempt)).Reason);
    }

    [Fact]
    public async Task VerifyAsync_RepeatedAfterAReset_IsRefusedEvenOnAStaleRead()
    {
        var (code, _) = await RecoverAsync();
        var stale = await _store.FindAsync(_scenario.User, Scenario.Token);
        await _scenario.ResetAsync();

        Assert.Equal(RefusalReason.NotEnrolled, (await _scenario.VerifyAsync(code, _attempt)).Reason);
        _store.OnFind = (_, _) => stale;
        Assert.False((await _scenario.VerifyAsync(code, _attempt)).Succeeded);
    }

    [Fact]
    public async Task VerifyAsync_RepeatedAfterAKeyRotation_StillGivesTheCodes()
    {
        var keys = new TwoKeys();
        var scenario = new Scenario(protector: keys.BothWithOldActive);
        var code = (await scenario.EnrollAsync()).Codes!.Reveal()[0];
        await scenario.VerifyAsync(code, _attempt);
        Assert.True(Assert.Single(await scenario.Beside(protector: keys.Both).RotateKeysAsync()).WasChanged);

        Assert.True((await scenario.VerifyAsync(code, _attempt)).Succeeded);
    }

    [Fact]
    public async Task VerifyAsync_RecordMovedToAnotherUser_DoesNotOpenTheReplacement()
    {
        var (code, _) = await RecoverAsync();
        var moved = (await _scenario.DocumentAsync()).Replace("user-1", "user-2", StringComparison.Ordinal);
        _scenario.User = new MfaSubject("user-2");
        await _store.TryWriteAsync(_scenario.User, Encoding.UTF8.GetBytes(moved), Guid.NewGuid(), null, Scenario.Token);

        Assert.False((await _scenario.VerifyAsync(code, _attempt)).Succeeded);
    }
}
