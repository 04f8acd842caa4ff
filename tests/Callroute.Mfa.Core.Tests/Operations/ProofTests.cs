using System.Buffers.Text;
using System.Security.Cryptography;
using Callroute.Mfa.Recovery;

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

    // Nobody has authenticated these bytes yet when they are read.
    [Fact]
    public async Task Change_ReceiptsAndDeviceTokensOfAnyBytes_AreRefused()
    {
        await _scenario.EnrollAsync();
        for (var i = 0; i < 500; i++)
        {
            byte[] bytes = [1, .. RandomNumberGenerator.GetBytes(i % 100)];
            _scenario.KnownDevice = Base64Url.EncodeToString(bytes);
            Assert.True(MfaReceipt.TryParse(_scenario.KnownDevice, out var receipt));

            Assert.Equal(MfaChangeOutcome.ProofRefused, (await _scenario.RevokeAsync(MfaProof.FromReceipt(receipt))).Outcome);
            Assert.False((await _scenario.VerifyAsync(Scenario.WrongRecoveryCode())).Reason is RefusalReason.Unavailable);
        }

        Assert.Equal(0, (await _scenario.StatusAsync()).RecoveryOnKnownDevices.ConsecutiveFailures);
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

    // A thief may have used a code of the old set. Whoever replaces the set ends what that code proved.
    [Theory]
    [InlineData("receipt")]
    [InlineData("enrolment")]
    [InlineData("codes")]
    public async Task AcknowledgeRecoveryCodesAsync_SetReplaced_EndsWhatACodeOfBeforeProved(string proved)
    {
        var (phone, codes) = await _scenario.EnrollAsync();
        var recovery = await _scenario.ReceiptAsync(codes!.Reveal()[0]);
        var (offer, device) = await _scenario.BeginAndScanAsync(proved == "enrolment" ? recovery : _scenario.CodeOf(phone));
        _scenario.NextCode();
        var stolen = proved == "codes" ? (await _scenario.RegenerateAsync(recovery)).RecoveryCodes : null;
        var own = stolen is null ? (await _scenario.RegenerateAsync(_scenario.CodeOf(phone))).RecoveryCodes : null;

        var outcome = proved switch
        {
            "receipt" => await AcknowledgeAsync(own, async () => (await _scenario.RevokeAsync(recovery)).Outcome),
            "enrolment" => await AcknowledgeAsync(own, async () => (await _scenario.ConfirmAsync(offer, device.GetCode())).Outcome),
            _ => await RemoveAsync(async () => (await _scenario.AcknowledgeAsync(stolen)).Outcome),
        };

        Assert.Equal(proved == "receipt" ? MfaChangeOutcome.ProofRefused : MfaChangeOutcome.NotFound, outcome);

        async Task<MfaChangeOutcome> AcknowledgeAsync(IssuedRecoveryCodes? set, Func<Task<MfaChangeOutcome>> use)
        {
            Assert.True((await _scenario.AcknowledgeAsync(set)).Succeeded);
            return await use();
        }

        // The owner uses the code that replaced the thief's: the pending set rests on a set that is gone.
        async Task<MfaChangeOutcome> RemoveAsync(Func<Task<MfaChangeOutcome>> use)
        {
            var made = (await _scenario.RegenerateAsync(_scenario.CodeOf(phone))).RecoveryCodes!;
            Assert.True((await _scenario.VerifyAsync(made.Reveal()[0])).Succeeded);
            return await use();
        }
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    public async Task RegenerateRecoveryCodesAsync_DayOver_EndsThePendingSet(int ticks, bool works)
    {
        var (phone, old) = await _scenario.EnrollAsync();
        var made = (await _scenario.RegenerateAsync(_scenario.CodeOf(phone))).RecoveryCodes!;
        _scenario.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromTicks(ticks));

        Assert.Equal(works, (await _scenario.StatusAsync()).HasPendingRecoveryCodes);
        Assert.Equal(works, (await _scenario.AcknowledgeAsync(made)).Succeeded);
        Assert.Equal(works, (await _scenario.VerifyAsync(made.Reveal()[0])).Succeeded);
        Assert.Equal(!works, (await _scenario.VerifyAsync(old!.Reveal()[0])).Succeeded);
    }

    [Theory]
    [InlineData("failure", false)]
    [InlineData("lockout", false)]
    [InlineData("sign-in", false)]
    [InlineData("unlock", false)]
    [InlineData("begin", false)]
    [InlineData("recovery", true)]
    [InlineData("regeneration", true)]
    [InlineData("acknowledgement", true)]
    [InlineData("authenticator", true)]
    [InlineData("reset", true)]
    public async Task BindingVersion_Change_EndsAttemptsOfBefore(string change, bool ends)
    {
        var scenario = new Scenario(options => options.TotpThrottle.LockoutThreshold = 5);
        var (phone, codes) = await scenario.EnrollAsync();
        await scenario.EnrollAsync(scenario.CodeOf(phone));
        var made = change == "acknowledgement" ? (await scenario.RegenerateAsync(scenario.CodeOf(phone))).RecoveryCodes : null;
        scenario.NextCode();
        var version = (await scenario.StatusAsync()).BindingVersion;

        await (change switch
        {
            "failure" => scenario.FailAsync(1, phone),
            "lockout" => scenario.LockOutAsync(phone),
            "sign-in" => scenario.VerifyAsync(phone.GetCode()),
            "unlock" => scenario.UnlockAsync(),
            "begin" => scenario.BeginAsync(scenario.CodeOf(phone), await scenario.FirstAuthenticatorAsync()),
            "recovery" => scenario.VerifyAsync(codes!.Reveal()[0]),
            "regeneration" => scenario.RegenerateAsync(scenario.CodeOf(phone)),
            "acknowledgement" => scenario.AcknowledgeAsync(made),
            "authenticator" => scenario.RemoveAsync(await scenario.FirstAuthenticatorAsync(), scenario.ProofOf(codes!.Reveal()[0])),
            _ => (Task)scenario.ResetAsync(),
        });
        var later = await scenario.Mfa.VerifyAsync(
            scenario.User,
            Scenario.WrongRecoveryCode(),
            scenario.Mfa.BeginAttempt(),
            bindingVersion: version,
            cancellationToken: Scenario.Token);

        Assert.Equal(ends, version != (await scenario.StatusAsync()).BindingVersion);
        var expected = !ends ? RefusalReason.WrongCode : change == "reset" ? RefusalReason.NotEnrolled : RefusalReason.AttemptSpent;
        Assert.Equal(expected, later.Reason);
    }
}
