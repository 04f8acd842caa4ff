using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Core.Tests.Model;

/// <summary>Enrolment, and its repeated confirmation.</summary>
internal sealed partial class LifeCycle
{
    private async Task BeginAsync(int choice)
    {
        var offer = await _mfa.BeginEnrollmentAsync(
            _scenario.User, $"alice {choice}", Proof(), signedInAt: _signedInAt, cancellationToken: Scenario.Token);

        Reached.Add($"Begin {offer.Outcome}");
        Assert.Equal(ExpectedBegin(), offer.Outcome);
        if (offer.Succeeded)
        {
            _hasRecord = true;
            EndAnswer("change");
            var phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), _scenario.Clock);
            _pending = new(offer.EnrollmentId, phone, Now.AddMinutes(10), Tries: 5, IsEnabled ? _receipt : null);
        }
    }

    private MfaChangeOutcome ExpectedBegin()
    {
        if (!IsEnabled)
        {
            var isResetOver = _reset is { AllowsPasswordAlone: false } && !IsResetOpen;
            return _endedAt is null || (_signedInAt >= _endedAt && !isResetOver)
                ? MfaChangeOutcome.Succeeded
                : MfaChangeOutcome.SignInRequired;
        }

        var isFull = _phones.Count >= 3 && !_totp.NeedsNewBinding;
        return ProofRefusal() ?? (isFull ? MfaChangeOutcome.LimitReached : MfaChangeOutcome.Succeeded);
    }

    private async Task ConfirmAsync(bool isRight)
    {
        if (_pending is not { } pending)
        {
            await (_endedPending is null ? RepeatConfirmationAsync(isRight) : ConfirmEndedAsync(_endedPending));
            return;
        }

        var code = isRight ? pending.Phone.GetCode() : _scenario.WrongCode(pending.Phone);
        if (isRight && IsAmbiguous(code, pending.Phone, CurrentStep))
        {
            return;
        }

        var result = await _mfa.ConfirmEnrollmentAsync(_scenario.User, pending.Id, code, Scenario.Token);

        Reached.Add($"Confirm {result.Outcome}");
        Assert.Equal(ExpectedConfirmation(pending, isRight), result.Outcome);
        if (result.Outcome == MfaChangeOutcome.WrongCode)
        {
            _pending = pending with { Tries = pending.Tries - 1 };
        }
        else if (result.Succeeded)
        {
            Add(pending, result);
            EndAnswer("another code");
            var isKnown = result.RevealKnownDevice() is not null || pending.Proof is { IsKnown: true };
            var receipt = new ReceiptModel(result.Receipt!, result.AuthenticatorId, null, isKnown, Now, _timesEnded);
            _receipt = _how.KeepsVersion ? receipt : _receipt;
            _answer = new AnswerModel(code, Now, result.RecoveryCodes?.Reveal()[0])
            {
                Enrollment = pending.Id,
                Tries = pending.Tries,
                Receipt = receipt,
            };
        }
    }

    private async Task ConfirmEndedAsync(PendingEnrollment ended)
    {
        var result = await _mfa.ConfirmEnrollmentAsync(_scenario.User, ended.Id, ended.Phone.GetCode(), Scenario.Token);

        Assert.Equal(NotFound, result.Outcome);
        _endedPending = null;
    }

    // Without a record, the read may be from a late replica.
    private MfaChangeOutcome NotFound => _hasRecord ? MfaChangeOutcome.NotFound : MfaChangeOutcome.Unavailable;

    private async Task RepeatConfirmationAsync(bool isRight)
    {
        if (_answer is not { Enrollment: { } id } used)
        {
            return;
        }

        var events = _scenario.Events.Count;
        var code = isRight ? used.Code : used.Code == "000000" ? "000001" : "000000";
        var result = await _mfa.ConfirmEnrollmentAsync(_scenario.User, id, code, Scenario.Token);

        var state = used.StateAt(Now);
        Reached.Add($"Confirmation {state}");
        Assert.Equal(
            state != "repeated" ? NotFound : isRight ? MfaChangeOutcome.Succeeded : MfaChangeOutcome.WrongCode,
            result.Outcome);
        Assert.Equal(events, _scenario.Events.Count);
        Assert.Null(result.RevealKnownDevice());
        Assert.Equal(result.Succeeded ? (used.At, used.NewCode) : (null, null), (result.ConfirmedAt, result.RecoveryCodes?.Reveal()[0]));
        _receipt = result.Succeeded ? used.Receipt! with { Receipt = result.Receipt! } : _receipt;
        if (result.Outcome == MfaChangeOutcome.WrongCode)
        {
            _answer = used with { Tries = used.Tries - 1, End = used.Tries > 1 ? null : "wrong codes" };
        }
    }

    private async Task ConfirmWronglyAsync(int choice)
    {
        for (var i = 0; i < (choice % 4 == 0 ? 6 : 1); i++)
        {
            await ConfirmAsync(isRight: false);
        }
    }

    private MfaChangeOutcome ExpectedConfirmation(PendingEnrollment pending, bool isRight)
    {
        if (pending.Tries == 0 || Now >= pending.ExpiresAt || Now <= pending.ExpiresAt.AddMinutes(-20))
        {
            return MfaChangeOutcome.Expired;
        }

        if (!isRight)
        {
            return MfaChangeOutcome.WrongCode;
        }

        return pending.Proof is { } proof && IsLockedOut(proof) ? MfaChangeOutcome.ProofRefused : MfaChangeOutcome.Succeeded;
    }

    private void Add(PendingEnrollment pending, MfaChangeResult result)
    {
        Reached.Add(_totp.NeedsNewBinding ? "New binding" : IsEnabled ? "Another authenticator" : "First authenticator");
        var isTrusted = !IsEnabled;
        if (!IsEnabled)
        {
            _host.Change(Now);
        }

        isTrusted |= LiftLockouts(pending.Proof);
        Assert.Equal(isTrusted, result.RevealKnownDevice() is not null);
        if (isTrusted)
        {
            _devices.Accept(null, result.RevealKnownDevice()!, Now);
        }

        Assert.Equal(Now, result.ConfirmedAt);
        _phones.Add(new PhoneModel(result.AuthenticatorId!.Value, pending.Phone, CurrentStep));
        _accepted.Add((pending.Phone, CurrentStep));
        _pending = null;
        Assert.Equal(_active is null, result.RecoveryCodes is not null);
        if (result.RecoveryCodes is { } issued)
        {
            ReplaceSets(CodeSetModel.Of(issued, Now));
            _recovery.BindAgain();
        }

        EndUnproved();
    }

    /// <returns>Whether known devices were revoked.</returns>
    private bool LiftLockouts(ReceiptModel? proof)
    {
        var areKnownDevicesLockedOut = _totp.On(isKnown: true).IsLockedOut(Now) || _recovery.On(isKnown: true).IsLockedOut(Now);
        if (_totp.NeedsNewBinding)
        {
            _phones.Clear();
        }

        if (_phones.Count == 0)
        {
            _totp.BindAgain();
        }

        if (proof is not { IsRecovery: true })
        {
            return false;
        }

        Reached.Add("Nothing of before is left");
        _totp.Reset();
        _recovery.Reset();
        Reach(areKnownDevicesLockedOut, "Known devices revoked with their lockout");
        return areKnownDevicesLockedOut && _devices.RevokeAll();
    }
}
