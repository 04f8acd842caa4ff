using System.Text;
using Callroute.Mfa.Core.Tests.Execution;
using Callroute.Mfa.Recovery;

namespace Callroute.Mfa.Core.Tests.Operations;

/// <summary>A retry of a request whose code was accepted.</summary>
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
        Assert.Equal(first.VerifiedAt, again.VerifiedAt);
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

    // The check of a spent attempt is not throttled, so there is one guess.
    [Fact]
    public async Task VerifyAsync_AnotherAppCodeWithTheSameAttempt_EndsTheAnswer()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var code = phone.GetCode();
        await _scenario.VerifyAsync(code, _attempt);

        var wrong = await _scenario.VerifyAsync(_scenario.WrongCode(phone), _attempt);
        var again = await _scenario.VerifyAsync(code, _attempt);

        Assert.Equal((RefusalReason.AttemptSpent, RefusalReason.AttemptSpent), (wrong.Reason, again.Reason));
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
    [InlineData("acknowledgement")]
    [InlineData("sign-out")]
    [InlineData("accepted code")]
    [InlineData("regeneration")]
    [InlineData("enrolment")]
    public async Task VerifyAsync_RepeatedAfterItsEnd_IsSpent(string end)
    {
        var (phone, codes) = await _scenario.EnrollAsync();
        var code = codes!.Reveal()[0];
        var first = await _scenario.VerifyAsync(code, _attempt);

        await EndAsync(end, phone, MfaProof.FromReceipt(first.Receipt!), first.ReplacementRecoveryCodes);

        Assert.Equal(RefusalReason.AttemptSpent, (await _scenario.VerifyAsync(code, _attempt)).Reason);
    }

    [Theory]
    [InlineData("acknowledgement", MfaChangeOutcome.NotFound)]
    [InlineData("sign-out", MfaChangeOutcome.NotFound)]
    [InlineData("accepted code", MfaChangeOutcome.NotFound)]
    [InlineData("regeneration", MfaChangeOutcome.NotFound)]
    [InlineData("ten minutes", MfaChangeOutcome.NotFound)]
    [InlineData("nothing", MfaChangeOutcome.Succeeded)]
    public async Task ConfirmEnrollmentAsync_RepeatedAfterItsEnd_IsNotFound(string end, MfaChangeOutcome expected)
    {
        var (offer, phone) = await _scenario.BeginAndScanAsync();
        var code = phone.GetCode();
        var first = await _scenario.ConfirmAsync(offer, code);
        _scenario.NextCode();

        await EndAsync(end, phone, _scenario.CodeOf(phone), first.RecoveryCodes);

        Assert.Equal(expected, (await _scenario.ConfirmAsync(offer, code)).Outcome);
    }

    private async Task EndAsync(string end, Testing.VirtualAuthenticator phone, MfaProof proof, IssuedRecoveryCodes? codes)
    {
        switch (end)
        {
            case "acknowledgement":
                Assert.True((await _scenario.AcknowledgeAsync(codes)).Succeeded);
                break;
            case "sign-out":
                await _scenario.Mfa.EndRepeatableAnswersAsync(_scenario.User, Scenario.Token);
                break;
            case "accepted code":
                Assert.True((await _scenario.VerifyAsync(phone.GetCode())).Succeeded);
                break;
            case "regeneration":
                Assert.True((await _scenario.RegenerateAsync(proof)).Succeeded);
                break;
            case "enrolment":
                Assert.True((await _scenario.BeginAsync(proof)).Succeeded);
                break;
            case "ten minutes":
                _scenario.Clock.Advance(TimeSpan.FromMinutes(10));
                break;
        }
    }

    [Fact]
    public async Task ConfirmEnrollmentAsync_SameCodeAgain_GivesTheSameResultOnceOnly()
    {
        var (offer, phone) = await _scenario.BeginAndScanAsync();
        var first = await _scenario.ConfirmAsync(offer, phone.GetCode());
        var (runs, events, code) = (_scenario.Hasher.Runs, _scenario.Events.Count, phone.GetCode());
        _scenario.Clock.Advance(TimeSpan.FromMinutes(9));

        var again = await _scenario.ConfirmAsync(offer, code);

        Assert.True(again.Succeeded);
        Assert.Equal(first.RecoveryCodes!.Reveal(), again.RecoveryCodes!.Reveal());
        Assert.Equal(
            (first.AuthenticatorId, first.RecoveryCodes.SetId, first.ConfirmedAt, first.TriesLeft),
            (again.AuthenticatorId, again.RecoveryCodes.SetId, again.ConfirmedAt, again.TriesLeft));
        Assert.Equal((runs, events), (_scenario.Hasher.Runs, _scenario.Events.Count));
        Assert.NotNull(first.RevealKnownDevice());
        Assert.Null(again.RevealKnownDevice());
    }

    [Fact]
    public async Task ConfirmEnrollmentAsync_RepeatedWithWrongCodes_EndsWithTheLastTry()
    {
        var (offer, phone) = await _scenario.BeginAndScanAsync();
        var (right, wrong) = (phone.GetCode(), _scenario.WrongCode(phone));
        await _scenario.ConfirmAsync(offer, wrong);
        Assert.True((await _scenario.ConfirmAsync(offer, right)).Succeeded);
        List<int> left = [];
        for (var i = 0; i < 4; i++)
        {
            left.Add((await _scenario.ConfirmAsync(offer, wrong)).TriesLeft);
        }

        Assert.Equal([3, 2, 1, 0], left);
        Assert.Equal(MfaChangeOutcome.NotFound, (await _scenario.ConfirmAsync(offer, right)).Outcome);
    }

    // Six digits are soon guessed. The id of the enrolment has 128 bits, and the record does not contain it.
    [Fact]
    public async Task ConfirmEnrollmentAsync_Record_ContainsNeitherTheIdNorTheCodes()
    {
        var (offer, phone) = await _scenario.BeginAndScanAsync();
        var confirmed = await _scenario.ConfirmAsync(offer, phone.GetCode());
        var document = await _scenario.DocumentAsync();

        Assert.DoesNotContain(offer.EnrollmentId.ToString(), document, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Convert.ToBase64String(offer.EnrollmentId.ToByteArray()), document, StringComparison.Ordinal);
        var code = confirmed.RecoveryCodes!.Reveal()[0].Replace("-", string.Empty, StringComparison.Ordinal);
        Assert.DoesNotContain(code, document, StringComparison.Ordinal);
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
    public async Task VerifyAsync_RecordMovedToAnotherUser_DoesNotOpenTheReplacement()
    {
        var (code, _) = await RecoverAsync();
        var moved = (await _scenario.DocumentAsync()).Replace("user-1", "user-2", StringComparison.Ordinal);
        _scenario.User = new MfaSubject("user-2");
        await _store.TryWriteAsync(_scenario.User, Encoding.UTF8.GetBytes(moved), Guid.NewGuid(), null, Scenario.Token);

        Assert.False((await _scenario.VerifyAsync(code, _attempt)).Succeeded);
    }
}
