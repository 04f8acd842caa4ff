namespace Callroute.Mfa.Core.Tests.Operations;

/// <summary>Valid and invalid proofs, in every operation that requires a proof.</summary>
public sealed class ProofTests
{
    private readonly Scenario _scenario = new();

    public static TheoryData<string> Changes => ["disable", "remove", "regenerate", "revoke", "enroll"];

    private async Task<MfaChangeOutcome> ChangeAsync(string change, MfaProof? proof) => change switch
    {
        "disable" => (await _scenario.DisableAsync(proof)).Outcome,
        "remove" => (await _scenario.RemoveAsync(await _scenario.FirstAuthenticatorAsync(), proof)).Outcome,
        "regenerate" => (await _scenario.RegenerateAsync(proof)).Outcome,
        "revoke" => (await _scenario.RevokeAsync(proof)).Outcome,
        _ => (await _scenario.BeginAsync(proof)).Outcome,
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Change_NoProof_IsProofRequired(string change)
    {
        await _scenario.EnrollAsync();

        Assert.Equal(MfaChangeOutcome.ProofRequired, await ChangeAsync(change, null));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Change_WrongCode_IsRefusedAndCounted(string change)
    {
        var (phone, _) = await _scenario.EnrollAsync();

        Assert.Equal(MfaChangeOutcome.ProofRefused, await ChangeAsync(change, _scenario.ProofOf(_scenario.WrongCode(phone))));
        Assert.Equal(1, (await _scenario.StatusAsync()).TotpOnUnknownDevices.ConsecutiveFailures);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Change_UsedCode_IsRefused(string change)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        await _scenario.VerifyAsync(phone.GetCode());

        Assert.Equal(MfaChangeOutcome.ProofRefused, await ChangeAsync(change, _scenario.CodeOf(phone)));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Change_OldReceipt_IsRefused(string change)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var proof = await _scenario.ReceiptAsync(phone.GetCode());
        _scenario.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(MfaChangeOutcome.ProofRefused, await ChangeAsync(change, proof));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Change_ReceiptOfAnotherUser_IsRefused(string change)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var foreign = await _scenario.ReceiptAsync(phone.GetCode());
        _scenario.User = new MfaSubject("user-2");
        await _scenario.EnrollAsync();

        Assert.Equal(MfaChangeOutcome.ProofRefused, await ChangeAsync(change, foreign));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Change_AlteredReceipt_IsRefused(string change)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var text = (await _scenario.VerifyAsync(phone.GetCode())).Receipt!.Reveal();
        var altered = text[..^6] + (text[^6] == 'A' ? 'B' : 'A') + text[^5..];
        Assert.True(MfaReceipt.TryParse(altered, out var receipt));

        Assert.Equal(MfaChangeOutcome.ProofRefused, await ChangeAsync(change, MfaProof.FromReceipt(receipt)));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Change_ReceiptOfBeforeDisabling_IsRefused(string change)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var proof = await _scenario.ReceiptAsync(phone.GetCode());
        await _scenario.DisableAsync(proof);
        _scenario.SignedInAt = _scenario.Clock.GetUtcNow();
        await _scenario.EnrollAsync();

        Assert.Equal(MfaChangeOutcome.ProofRefused, await ChangeAsync(change, proof));
    }

    // Only a recovery code or an administrator lifts a lockout.
    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Change_TotpReceiptOfBeforeALockout_IsRefused(string change)
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var receipt = await _scenario.ReceiptAsync(phone.GetCode());
        await _scenario.Beside(options => options.TotpThrottle.LockoutThreshold = 5).LockOutAsync(phone);

        Assert.Equal(MfaChangeOutcome.ProofRefused, await ChangeAsync(change, receipt));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Change_ReceiptOfARemovedAuthenticator_IsRefused(string change)
    {
        var (stolen, tablet, _) = await _scenario.EnrollTwoAsync();
        var receipt = await _scenario.ReceiptAsync(stolen.GetCode());
        await _scenario.RemoveAsync(await _scenario.FirstAuthenticatorAsync(), _scenario.CodeOf(tablet));

        Assert.Equal(MfaChangeOutcome.ProofRefused, await ChangeAsync(change, receipt));
    }

    [Fact]
    public void FromCode_DefaultAttempt_IsMisuse() =>
        Assert.ThrowsAny<ArgumentException>(() => MfaProof.FromCode("123456", default));

    // The response of the first call is lost with the replacement codes. The same attempt gets them again.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Change_ProvedByTheSameRecoveryCodeAgain_GivesTheReplacementCodesAgain(bool isRegeneration)
    {
        var (_, codes) = await _scenario.EnrollAsync();
        var id = await _scenario.FirstAuthenticatorAsync();
        var proof = _scenario.ProofOf(codes!.Reveal()[0]);
        async Task<VerificationResult?> RunAsync() => isRegeneration
            ? (await _scenario.RegenerateAsync(proof)).Verification
            : (await _scenario.BeginAsync(proof, id)).Verification;

        var lost = await RunAsync();
        var again = await RunAsync();

        Assert.True(again!.Succeeded, again.ToString());
        Assert.Equal(lost!.ReplacementRecoveryCodes!.Reveal()[0], again.ReplacementRecoveryCodes!.Reveal()[0]);
    }
}
