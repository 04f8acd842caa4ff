using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Core.Tests.Model;

/// <summary>Changes that need a proof, and enrolment.</summary>
internal sealed partial class LifeCycle
{
    private bool Proves() =>
        _receipt is { } r && r.TimesEnded == _timesEnded && (Now - r.At).Duration() <= TimeSpan.FromMinutes(10)
        && (r.Phone is null || _phones.Any(p => p.Phone == r.Phone)) && !IsLockedOut(r);

    private bool IsLockedOut(ReceiptModel receipt) => (receipt.Phone is null ? _recovery : _totp).IsLockedOut(receipt.IsKnown, Now);

    // An unconfirmed change ends if the phone whose code was its proof is removed.
    private void EndChangesProvedBy(VirtualAuthenticator phone)
    {
        _pending = _pending is { } pending && pending.Proof?.Phone == phone ? null : _pending;
        if (_pendingCode is { } code && code.ProofPhone == phone)
        {
            _invalidCodes.Add(code.Code);
            _pendingCode = null;
        }
    }

    private MfaProof? Proof() => _receipt is { } r ? MfaProof.FromReceipt(r.Receipt) : null;

    private MfaChangeOutcome? ProofRefusal()
    {
        if (!IsEnabled)
        {
            return MfaChangeOutcome.NotEnrolled;
        }

        return _receipt is null ? MfaChangeOutcome.ProofRequired : Proves() ? null : MfaChangeOutcome.ProofRefused;
    }

    private async Task BeginAsync(int choice)
    {
        var offer = await _mfa.BeginEnrollmentAsync(
            _scenario.User, $"alice {choice}", Proof(), signedInAt: _signedInAt, cancellationToken: Scenario.Token);

        Reached.Add($"Begin {offer.Outcome}");
        Assert.Equal(ExpectedBegin(), offer.Outcome);
        if (offer.Succeeded)
        {
            _hasRecord = true;
            _repeatable = null;
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

        var isFull = _phones.Count >= 2 && !_totp.NeedsNewBinding;
        return ProofRefusal() ?? (isFull ? MfaChangeOutcome.LimitReached : MfaChangeOutcome.Succeeded);
    }

    private async Task ConfirmAsync(bool isRight)
    {
        if (_pending is not { } pending)
        {
            return;
        }

        var code = isRight ? pending.Phone.GetCode() : _scenario.WrongCode(pending.Phone);
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
        Reached.Add(_totp.NeedsNewBinding ? "New binding" : IsEnabled ? "Second authenticator" : "First authenticator");
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

        _phones.Add(new PhoneModel(pending.Phone, CurrentStep));
        _accepted.Add((pending.Phone, CurrentStep));
        (_pending, _repeatable) = (null, null);
        Assert.Equal(_active is null, result.RecoveryCodes is not null);
        if (result.RecoveryCodes is { } issued)
        {
            _active = issued.Reveal()[0];
            _recovery.BindAgain();
        }
    }

    /// <returns>Whether known devices were revoked.</returns>
    private bool LiftLockouts(ReceiptModel? proof)
    {
        var areKnownDevicesLockedOut = _totp.On(isKnown: true).IsLockedOut(Now);
        if (_totp.NeedsNewBinding)
        {
            _phones.ForEach(p => EndChangesProvedBy(p.Phone));
            _phones.Clear();
        }

        if (_phones.Count == 0)
        {
            _totp.BindAgain();
        }

        if (proof is not { Phone: null })
        {
            return false;
        }

        Reached.Add("Nothing of before is left");
        _totp.Reset();
        _recovery.Reset();
        Reach(areKnownDevicesLockedOut, "Known devices revoked with their lockout");
        return areKnownDevicesLockedOut && _devices.RevokeAll();
    }

    private async Task RecoverAndBindAsync(int choice)
    {
        await RecoverAsync(_active, choice);
        await BeginAsync(choice);
        await ConfirmAsync(isRight: true);
    }

    private async Task RegenerateAsync()
    {
        var result = await _mfa.RegenerateRecoveryCodesAsync(_scenario.User, Proof(), Scenario.Token);

        Assert.Equal(ProofRefusal() ?? MfaChangeOutcome.Succeeded, result.Outcome);
        if (result.Succeeded)
        {
            if (_pendingCode is { } replaced)
            {
                _invalidCodes.Add(replaced.Code);
            }

            _pendingCode = (result.RecoveryCodes!.SetId, result.RecoveryCodes.Reveal()[0], _receipt!.Phone);
            _repeatable = null;
        }
    }

    private async Task AcknowledgeAsync()
    {
        if (_pendingCode is not { } pending)
        {
            return;
        }

        var result = await _mfa.AcknowledgeRecoveryCodesAsync(_scenario.User, pending.SetId, Scenario.Token);

        Assert.True(result.Succeeded);
        _invalidCodes.Add(_active!);
        (_active, _pendingCode, _repeatable) = (pending.Code, null, null);
        _recovery.BindAgain();
    }

    private async Task RemoveAsync(int choice)
    {
        if (!IsEnabled)
        {
            return;
        }

        var index = choice % _phones.Count;
        var id = (await _mfa.GetStatusAsync(_scenario.User, Scenario.Token)).Authenticators[index].Id;
        var result = await _mfa.RemoveAuthenticatorAsync(_scenario.User, id, Proof(), Scenario.Token);

        var last = _phones.Count == 1 ? MfaChangeOutcome.LastAuthenticator : MfaChangeOutcome.Succeeded;
        Assert.Equal(ProofRefusal() ?? last, result.Outcome);
        if (result.Succeeded)
        {
            EndChangesProvedBy(_phones[index].Phone);
            _phones.RemoveAt(index);
            _repeatable = null;
        }
    }

    private async Task DisableAsync(int choice)
    {
        var policy = choice % 2 == 0 ? MfaPolicy.Optional : MfaPolicy.Required;
        var result = await _mfa.DisableAsync(_scenario.User, policy, Proof(), Scenario.Token);

        Reached.Add($"Disable {result.Outcome}");
        var required = policy == MfaPolicy.Required ? MfaChangeOutcome.RequiredByPolicy : (MfaChangeOutcome?)null;
        Assert.Equal(required ?? ProofRefusal() ?? MfaChangeOutcome.Succeeded, result.Outcome);
        if (result.Succeeded)
        {
            End(reset: null);
        }
    }

    private async Task RevokeAsync(int choice)
    {
        var ids = (await _mfa.GetStatusAsync(_scenario.User, Scenario.Token)).KnownDevices.Keys.ToArray();
        var index = choice % (ids.Length + 2);
        Guid? id = index < ids.Length ? ids[index] : index == ids.Length ? Guid.NewGuid() : null;
        var result = await _mfa.RevokeKnownDevicesAsync(_scenario.User, Proof(), id, Scenario.Token);

        Reached.Add($"Revoke {(id is null ? "all" : "one")} {result.Outcome}");
        var found = index == ids.Length ? MfaChangeOutcome.NotFound : MfaChangeOutcome.Succeeded;
        Assert.Equal(ProofRefusal() ?? found, result.Outcome);
        if (!result.Succeeded)
        {
            return;
        }

        _repeatable = null;
        if (id is null)
        {
            _devices.RevokeAll();
        }
        else
        {
            _devices.Revoke(index, Now);
        }
    }

    private void End((DateTimeOffset Until, bool AllowsPasswordAlone)? reset)
    {
        RemoveEverything();
        (_endedAt, _reset) = (Now, reset);
        if (reset is { AllowsPasswordAlone: false })
        {
            // The row still says that the user is enrolled, so that nobody gets in if the record is lost.
            Assert.False(_host.WasTold);
            _host.OweNothing();
        }
        else
        {
            _host.Change(Now);
        }
    }

    private void RemoveEverything()
    {
        _invalidCodes.AddRange(new[] { _active, _pendingCode?.Code }.OfType<string>());
        _phones.Clear();
        _devices.RevokeAll();
        (_active, _pendingCode, _pending, _repeatable) = (null, null, null, null);
        _timesEnded++;
    }
}
