using System.Globalization;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Core.Tests.Model;

/// <summary>Codes of authenticators and recovery codes, at sign-in, at a step-up, and as a proof.</summary>
internal sealed partial class LifeCycle
{
    // A token is never worse than none: where the known devices are refused, a known device counts as unknown.
    private bool IsKnown(ThrottleModel throttle) => _devices.IsKnown(_how.Device, Now) && throttle.IsBetterKnown(Now);

    private string InvalidCode(int choice) =>
        _invalidCodes.Count > 0 ? _invalidCodes[choice % _invalidCodes.Count] : RecoveryCode.Generate().Reveal();

    private async Task VerifyStepAsync(int choice, int offset)
    {
        if (!IsEnabled)
        {
            return;
        }

        var chosen = _phones[choice % _phones.Count];
        var step = CurrentStep + offset;
        var code = CodeOf(chosen.Phone, step);
        if (IsAmbiguous(code, chosen.Phone, step))
        {
            return;
        }

        if (IsAnsweredAgain)
        {
            await RepeatSignInAsync(code);
            return;
        }

        var (result, attempt, isKnown) = await SendAsync(code);

        var inWindow = Math.Abs(offset) <= 1;
        var expected = ExpectedTotp(attempt, isKnown, inWindow, inWindow && step > chosen.LastUsedStep, chosen);
        Assert.Equal(expected, result.Reason);
        if (result.Succeeded)
        {
            Assert.True(_accepted.Add((chosen.Phone, step)), "A time step was accepted twice.");
            chosen.LastUsedStep = step;
            EndAnswer("code");
            Accept(_totp, chosen, result, attempt, isKnown);
            _signIn = new AnswerModel(code, Now, NewCode: null) { Attempt = attempt, Receipt = _receipt };
        }
        else if (result.Reason == RefusalReason.WrongCode)
        {
            Fail(_totp, attempt, isKnown);
        }
    }

    private static string CodeOf(VirtualAuthenticator phone, long step) => phone.GetCodeAt(DateTimeOffset.UnixEpoch + step * Step);

    // One code in a million belongs to another step of the window, or to another phone. TotpWindowTests tests those.
    private bool IsAmbiguous(string code, VirtualAuthenticator phone, long step) =>
        _phones.Select(other => other.Phone).Append(phone).Any(other => Enumerable.Range(-1, 3).Select(offset => CurrentStep + offset)
            .Any(inWindow => (other, inWindow) != (phone, step) && CodeOf(other, inWindow) == code));

    private RefusalReason? ExpectedTotp(AttemptId attempt, bool isKnown, bool matches, bool isFresh, PhoneModel phone)
    {
        if (Refuse(_totp, attempt, isKnown) is { } refusal)
        {
            return refusal;
        }

        if (!matches)
        {
            return RefusalReason.WrongCode;
        }

        return isFresh ? null : phone.LastUsedStep > CurrentStep + 1 ? RefusalReason.ClockBehind : RefusalReason.Replayed;
    }

    private RefusalReason? Refuse(ThrottleModel throttle, AttemptId attempt, bool isKnown)
    {
        var isOutdated = SendsVersion && _begun.Binding != Binding;
        Reach(isOutdated, "Attempt of before a change");
        return isOutdated || IsSpent(attempt) ? RefusalReason.AttemptSpent : throttle.Refuse(isKnown, Now);
    }

    private bool IsSpent(AttemptId attempt) => _spent.TakeLast(16).Contains(attempt);

    private async Task VerifyWrongAsync()
    {
        if (!IsEnabled)
        {
            Assert.Equal(RefusalReason.NotEnrolled, (await SendAsync("000000")).Result.Reason);
            return;
        }

        var codes = _phones.SelectMany(p => Enumerable.Range(-1, 3).Select(offset => p.Phone.GetCodeAt(Now + offset * Step))).ToHashSet();
        var wrong = Enumerable.Range(0, 100).Select(i => i.ToString("D6", CultureInfo.InvariantCulture)).First(c => !codes.Contains(c));
        if (IsAnsweredAgain)
        {
            await RepeatSignInAsync(wrong);
            return;
        }

        var (result, attempt, isKnown) = await SendAsync(wrong);

        Assert.Equal(ExpectedTotp(attempt, isKnown, matches: false, isFresh: false, _phones[0]), result.Reason);
        if (result.Reason == RefusalReason.WrongCode)
        {
            Fail(_totp, attempt, isKnown);
        }
    }

    private async Task FailAsync(int times, TimeSpan pause)
    {
        for (var i = 0; i < times && IsEnabled; i++)
        {
            await VerifyWrongAsync();
            await MoveClock((int)pause.TotalSeconds);
        }

        Reach(_totp.NeedsNewBinding, "Totp needs a new binding");
    }

    private async Task SignInWithTypingErrorsAsync(int choice)
    {
        _how = _how with { Kind = choice < 20 ? SignInKind.SignIn : SignInKind.StepUp, IsNewAttempt = false };
        for (var i = 0; i < choice % 6; i++)
        {
            await VerifyWrongAsync();
        }

        await MoveClock(choice % 5 == 0 ? 601 : 60);
        await VerifyStepAsync(choice, 0);
    }

    private async Task SignInOnManyDevicesAsync()
    {
        for (var i = 0; i < 11; i++)
        {
            await MoveClock(30);
            _how = _how with { Device = null, Spent = default, IsNewAttempt = true };
            await VerifyStepAsync(0, 0);
        }
    }

    private async Task RecoverAsync(string? code, int choice)
    {
        if (code is null || !IsEnabled)
        {
            return;
        }

        if (_answer is { Enrollment: null, End: null } used && (used.Code, used.Attempt) == (code, _how.Spent))
        {
            await RepeatRecoveryAsync();
            return;
        }

        var typed = choice % 2 == 0 ? code : code.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal);
        var (result, attempt, isKnown) = await SendAsync(typed);

        var set = code == _active?.Code ? _active.IsImported ? "imported" : "active"
            : code != _pendingSet?.Code ? "invalid"
            : _pendingSet.IsOpen(Now) ? "pending"
            : "expired";
        var isRight = set is "active" or "imported" or "pending";
        Reached.Add($"Recovery {set} {result}");
        Assert.Equal(
            RefuseForm(code) ?? Refuse(_recovery, attempt, isKnown) ?? (isRight ? null : RefusalReason.WrongCode), result.Reason);
        if (result.Succeeded)
        {
            ReplaceSets(CodeSetModel.Of(result.ReplacementRecoveryCodes!, Now));
            _recovery.BindAgain();
            Accept(_recovery, null, result, attempt, isKnown);
            EndAnswer("another code");
            _answer = new AnswerModel(code, Now, _active!.Code) { Attempt = attempt, Receipt = _receipt };
            EndUnproved();
        }
        else if (result.Reason == RefusalReason.WrongCode)
        {
            Fail(_recovery, attempt, isKnown);
        }
    }

    // Codes of other systems have a form of their own.
    private RefusalReason? RefuseForm(string code) => IsForeign(code) && _active is not { IsImported: true } ? RefusalReason.Malformed
        : _active is null ? RefusalReason.NotEnrolled
        : null;

    private async Task FailRecoveryAsync(int choice)
    {
        for (var i = 0; i < 14; i++)
        {
            await RecoverAsync(RecoveryCode.Generate().Reveal(), i);
            await MoveClock(choice % 3 == 0 ? 1 : 3600);
        }
    }

    private async Task RepeatRecoveryAsync()
    {
        if (_answer is not { Enrollment: null } used || !IsEnabled || !IsSpent(used.Attempt))
        {
            return;
        }

        var events = _scenario.Events.Count;
        var result = await _mfa.VerifyAsync(
            _scenario.User, used.Code, used.Attempt, _how.Device, bindingVersion: _begun.Version, cancellationToken: Scenario.Token);

        var state = used.StateAt(Now);
        Reached.Add($"Answer {state}");
        Assert.Equal(state == "repeated" ? null : RefuseForm(used.Code) ?? RefusalReason.AttemptSpent, result.Reason);
        Assert.Equal(events, _scenario.Events.Count);
        Assert.Null(result.RevealKnownDevice());
        if (state == "repeated")
        {
            Assert.Equal((used.At, used.NewCode), (result.VerifiedAt, result.ReplacementRecoveryCodes!.Reveal()[0]));
            _receipt = used.Receipt! with { Receipt = result.Receipt! };
        }
    }

    // The attempt that the last code was accepted with.
    private bool IsAnsweredAgain => _signIn?.StateAt(Now) == "repeated" && _signIn.Attempt == _how.Spent;

    private async Task RepeatSignInAsync(string? code)
    {
        if (_signIn is not { } used || !IsEnabled || !IsSpent(used.Attempt))
        {
            return;
        }

        var events = _scenario.Events.Count;
        var isStepUp = _how.Kind == SignInKind.StepUp;
        var result = _how.Kind == SignInKind.Proof
            ? await ProveAsync(code!, used.Attempt)
            : await _mfa.VerifyAsync(_scenario.User, code, used.Attempt, _how.Device, isStepUp, cancellationToken: Scenario.Token);

        var (state, isSame) = (used.StateAt(Now), code == used.Code);
        Reached.Add($"Sign-in {state}");
        Assert.Equal(state == "repeated" && isSame ? null : RefusalReason.AttemptSpent, result.Reason);
        Assert.Equal(events, _scenario.Events.Count);
        Assert.Null(result.RevealKnownDevice());
        if (result.Succeeded)
        {
            Assert.Equal(used.At, result.VerifiedAt);
            _receipt = used.Receipt! with { Receipt = result.Receipt! };
        }
        else if (state == "repeated")
        {
            EndAnswer("another code");
        }
    }

    private async Task EndRepeatableAnswersAsync()
    {
        await KeepTimeAsync(() => _mfa.EndRepeatableAnswersAsync(_scenario.User, Scenario.Token).AsTask());
        EndAnswer("sign-out");
    }

    private async Task<(VerificationResult Result, AttemptId Attempt, bool IsKnown)> SendAsync(string text)
    {
        if (_how.IsNewAttempt || _attempt == default)
        {
            var status = await _mfa.GetStatusAsync(_scenario.User, Scenario.Token);
            (_attempt, _begun) = (_mfa.BeginAttempt(), (Binding, status.BindingVersion));
        }

        var attempt = _how.Spent != default ? _how.Spent : _attempt;
        var isKnown = IsKnown(text.Length > 6 ? _recovery : _totp);
        Reached.Add(isKnown ? "Known device"
            : _devices.IsKnown(_how.Device, Now) ? "Known device that counts as unknown"
            : _how.Device is null ? "Unknown device"
            : "Token that is worth nothing");
        var result = _how.Kind == SignInKind.Proof
            ? await ProveAsync(text, attempt)
            : VerifiesLazily ? await VerifyLazilyAsync(text, attempt)
            : await _mfa.VerifyAsync(
                _scenario.User,
                text,
                attempt,
                _how.Device,
                _how.Kind == SignInKind.StepUp,
                SendsVersion ? _begun.Version : null,
                Scenario.Token);
        Assert.Equal(result.Succeeded ? Now : null, result.VerifiedAt);
        Assert.Equal(result.Succeeded, result.RevealKnownDevice() is not null);
        Reached.Add($"{(text.Length > 6 ? "Recovery" : "Totp")} {result}");
        return (result, attempt, isKnown);
    }

    // The change that it would prove has no effect, so that only the code counts.
    private async Task<VerificationResult> ProveAsync(string text, AttemptId attempt)
    {
        var proof = MfaProof.FromCode(text, attempt, _how.Device);
        var change = await _mfa.RemoveAuthenticatorAsync(_scenario.User, Guid.NewGuid(), proof, Scenario.Token);
        Assert.Equal(change.Verification!.Succeeded ? MfaChangeOutcome.NotFound : MfaChangeOutcome.ProofRefused, change.Outcome);
        return change.Verification;
    }

    private void Fail(ThrottleModel throttle, AttemptId attempt, bool isKnown)
    {
        throttle.Fail(isKnown, Refundable(attempt), Now);
        Reach(throttle.TimesUsedUp > 0, "Allowance used up");
        Reach(throttle.TimesUsedUp > 1, "Allowance used up again");
    }

    // A host may keep the version with the attempt, or not.
    private bool SendsVersion => _how is { Kind: SignInKind.SignIn, KeepsVersion: true } && _how.Spent == default;

    private AttemptId? Refundable(AttemptId attempt) => _how.Kind == SignInKind.SignIn ? attempt : null;

    private void Accept(ThrottleModel throttle, PhoneModel? phone, VerificationResult result, AttemptId attempt, bool isKnown)
    {
        var refund = throttle.Succeed(isKnown, Refundable(attempt), Now);
        Reached.Add($"Refund of {refund} at {_how.Kind}");
        Reach(_devices.Accept(_how.Device, result.RevealKnownDevice()!, Now), "The oldest device made room");
        _spent.Add(attempt);
        _attempt = default;
        _receipt = new ReceiptModel(result.Receipt!, phone?.Id, phone is null ? _active!.Id : null, isKnown, Now, _timesEnded);
    }

    private void Reach(bool isReached, string name)
    {
        if (isReached)
        {
            Reached.Add(name);
        }
    }
}
