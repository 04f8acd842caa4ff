using System.Security.Cryptography;
using Callroute.Mfa.Argon2;
using Callroute.Mfa.QrCode;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Walkthrough;

/// <summary>Shows the operations of the product in order: enable, sign in, recover, change device, disable.</summary>
internal sealed class Tour : IAsyncDisposable
{
    private const string Account = "alice@example.com";

    private readonly Screen _screen;
    private readonly IPhone _phone;
    private readonly SkippingClock _clock = new();
    private readonly KeyRing _keys = new(
        "demo", new Dictionary<string, byte[]> { ["demo"] = RandomNumberGenerator.GetBytes(32) });
    private readonly MfaSubject _alice = new("user-4711");
    private readonly QrCodeRenderer _qrCodes = new();
    private readonly MfaService _mfa;
    private string _usedCode = string.Empty;
    private string _recoveryCode = string.Empty;
    private string? _knownDevice;
    private bool _isEnrolled;

    public Tour(Screen screen, bool hasRealPhone)
    {
        _screen = screen;
        _phone = hasRealPhone ? new RealPhone(screen) : new VirtualPhone(screen, _clock);
        _mfa = new MfaService(
            new InMemoryMfaStore(),
            new AesGcmSecretProtector(_keys),
            new Argon2RecoveryCodeHasher(),
            new MfaOptions { Issuer = "Callroute", OnEnrolledChanged = StoreInUserRow },
            _clock);
    }

    public async Task PlayAsync()
    {
        await EnableAsync();
        await SignInAsync();
        await ReplayAsync();
        await GuessAsync();
        await RecoverAsync();
        await ChangeDeviceAsync();
        await DisableAsync();
        await ShowHistoryAsync();
    }

    public ValueTask DisposeAsync()
    {
        (_phone as IDisposable)?.Dispose();
        _keys.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task EnableAsync()
    {
        _screen.Step("Enable", "My profile, tab Security: scan the QR code, then type the code that the app shows.");
        using var offer = await _mfa.BeginEnrollmentAsync(_alice, Account);
        var confirmed = await BindAsync(offer);
        _knownDevice = confirmed.RevealKnownDevice();
        _recoveryCode = confirmed.RecoveryCodes!.Reveal()[0];
        _screen.RecoveryCode(_recoveryCode);
        _screen.Confirm("I have saved the recovery code");
        Expect(
            (await _mfa.AcknowledgeRecoveryCodesAsync(_alice, confirmed.RecoveryCodes.SetId)).Succeeded,
            "The recovery code is acknowledged as saved.");
        var requirement = await _mfa.GetSignInRequirementAsync(_alice, MfaPolicy.Optional, _isEnrolled);
        Expect(requirement == SignInRequirement.Required, "From now on every sign-in asks for a code.");
    }

    private async Task SignInAsync()
    {
        _screen.Step("Sign in", "After the password: the code from the app.");
        await NextCodeAsync();
        var result = await VerifyAsync();
        Expect(result is { Succeeded: true, Method: MfaMethod.Totp }, "Signed in.");
    }

    private async Task ReplayAsync()
    {
        _screen.Step("Replay", "Somebody looked over your shoulder and types the same code.");
        _screen.Typed("Code", _usedCode);
        var result = await _mfa.VerifyAsync(_alice, _usedCode, _mfa.BeginAttempt());
        Expect(result.Reason == RefusalReason.Replayed, "Refused: a code works once.");
    }

    private async Task GuessAsync()
    {
        _screen.Step("Guess", "Somebody who knows the password tries codes, on a device of their own.");
        var guesses = 0;
        VerificationResult result;
        do
        {
            result = await _mfa.VerifyAsync(_alice, RandomNumberGenerator.GetString("0123456789", 6), _mfa.BeginAttempt());
        }
        while (result.Reason == RefusalReason.WrongCode && ++guesses < 10);

        Expect(
            result.Reason == RefusalReason.Throttled && guesses == 5,
            $"Throttled after {guesses} guesses, for {result.RetryAfter?.TotalSeconds:0} s, on every unknown device.");
        await NextCodeAsync();
        Expect((await VerifyAsync()).Succeeded, "Alice need not wait: she signs in on a known device.");
    }

    private async Task RecoverAsync()
    {
        _screen.Step("Recover", "The phone is gone. The whole recovery code goes into the same field.");
        _screen.Typed("Code", _recoveryCode);
        var attempt = _mfa.BeginAttempt();
        var result = await _mfa.VerifyAsync(_alice, _recoveryCode, attempt);
        Expect(
            result is { Succeeded: true, Method: MfaMethod.RecoveryCode },
            "Signed in, and the recovery code was replaced in the same moment.");
        var replacement = result.ReplacementRecoveryCodes!;
        _screen.RecoveryCode(replacement.Reveal()[0]);

        var repeated = await _mfa.VerifyAsync(_alice, _recoveryCode, attempt);
        Expect(
            repeated.ReplacementRecoveryCodes?.Reveal()[0] == replacement.Reveal()[0],
            "A lost response loses nothing: the same attempt gets the same new code.");
        await _mfa.AcknowledgeRecoveryCodesAsync(_alice, replacement.SetId);
        var old = await _mfa.VerifyAsync(_alice, _recoveryCode, _mfa.BeginAttempt());
        Expect(old.Reason == RefusalReason.WrongCode, "The old recovery code is dead.");
        _recoveryCode = replacement.Reveal()[0];
    }

    private async Task ChangeDeviceAsync()
    {
        _screen.Step("Change device", "A new phone. The old one works until the new one is confirmed.");
        var refused = await _mfa.BeginEnrollmentAsync(_alice, Account);
        Expect(refused.Outcome == MfaChangeOutcome.ProofRequired, "Without a proof nobody can change it.");
        await NextCodeAsync();
        var proof = await VerifyAsync();
        Expect(proof.Succeeded, "Proved with a code of the old phone.");
        var old = (await _mfa.GetStatusAsync(_alice)).Authenticators[0].Id;
        using var offer = await _mfa.BeginEnrollmentAsync(
            _alice, Account, MfaProof.FromReceipt(proof.Receipt!), old, name: "New phone");
        await BindAsync(offer);
        var status = await _mfa.GetStatusAsync(_alice);
        Expect(status.Authenticators is [{ Name: "New phone" }], "The new phone has taken the old one's place.");
    }

    private async Task DisableAsync()
    {
        _screen.Step("Disable", "The blue switch, and the risk accepted with a code.");
        await NextCodeAsync();
        var proof = await VerifyAsync();
        Expect(proof.Succeeded, "Proved with a code.");
        var disabled = await _mfa.DisableAsync(_alice, MfaPolicy.Optional, MfaProof.FromReceipt(proof.Receipt!));
        Expect(disabled.Succeeded, "MFA is disabled.");
        var requirement = await _mfa.GetSignInRequirementAsync(_alice, MfaPolicy.Optional, _isEnrolled);
        Expect(requirement == SignInRequirement.NotRequired, "Sign-ins ask for the password only.");
    }

    private async Task ShowHistoryAsync()
    {
        _screen.Step("History", "What the record remembers, and what a support desk sees.");
        var status = await _mfa.GetStatusAsync(_alice);
        _screen.History(status.RecentEvents.Select(e => (e.At, e.Repeats > 0 ? $"{e.Kind} × {e.Repeats + 1}" : e.Kind.ToString())));
        _screen.Note("Refused replays raise an event and are not kept.");
    }

    private async Task<MfaChangeResult> BindAsync(EnrollmentOffer offer)
    {
        Expect(offer.Succeeded, "A new secret is offered.");
        _screen.QrCode(_qrCodes.ToTerminal(offer.Uri!), offer.Uri!.RevealManualEntryKey());
        _phone.Scan(offer.Uri!);
        var confirmed = await ConfirmAsync(offer);
        while (confirmed.Outcome == MfaChangeOutcome.WrongCode && _phone.MayMistype && confirmed.TriesLeft > 0)
        {
            _screen.Note($"That code is not right. {confirmed.TriesLeft} tries left.");
            confirmed = await ConfirmAsync(offer);
        }

        Expect(confirmed.Succeeded, "Verified: the authenticator is bound.");
        return confirmed;
    }

    private async Task<MfaChangeResult> ConfirmAsync(EnrollmentOffer offer)
    {
        _usedCode = _phone.ReadCode("Verification code");
        return await _mfa.ConfirmEnrollmentAsync(_alice, offer.EnrollmentId, _usedCode);
    }

    private ValueTask StoreInUserRow(MfaSubject subject, bool isEnrolled)
    {
        _isEnrolled = isEnrolled;
        return ValueTask.CompletedTask;
    }

    // A user may mistype or type a used code. Explain what to do, like a sign-in page.
    private async Task<VerificationResult> VerifyAsync()
    {
        while (true)
        {
            _usedCode = _phone.ReadCode("Code");
            var result = await _mfa.VerifyAsync(_alice, _usedCode, _mfa.BeginAttempt(), _knownDevice);
            if (!_phone.MayMistype || result.UserMessage is not (UserMessage.TryAgain or UserMessage.WaitUntil))
            {
                return result;
            }

            _screen.Note(result.Reason == RefusalReason.Replayed ? "That code was used already." : "That code is not right.");
            await _phone.WaitAsync(result.RetryAfter ?? TimeSpan.Zero, "Waiting until a code can be accepted");
        }
    }

    // Every code works only once, so each step needs a new one.
    private Task NextCodeAsync()
    {
        var period = TimeSpan.FromSeconds(30);
        var left = period.Ticks - _clock.GetUtcNow().Ticks % period.Ticks;
        return _phone.WaitAsync(TimeSpan.FromTicks(left), "Waiting for the app's next code");
    }

    private void Expect(bool isAsPromised, string promise)
    {
        if (!isAsPromised)
        {
            throw new UnexpectedAnswerException($"Not as promised: {promise}");
        }

        _screen.Good(promise);
    }
}
