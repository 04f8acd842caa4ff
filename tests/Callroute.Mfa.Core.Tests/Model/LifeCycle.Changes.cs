namespace Callroute.Mfa.Core.Tests.Model;

/// <summary>Changes that need a proof, and what ends them.</summary>
internal sealed partial class LifeCycle
{
    private static readonly TimeSpan RegainInterval = TimeSpan.FromHours(1);

    private bool Proves()
    {
        var isRecent = _receipt is { } r && r.TimesEnded == _timesEnded && (Now - r.At).Duration() <= TimeSpan.FromMinutes(10);
        Reach(isRecent && !Binds(_receipt!), $"Receipt ended with its {NameOf(_receipt)}");
        return isRecent && Binds(_receipt!) && !IsLockedOut(_receipt!);
    }

    // The recovery set that followed a recovery is still there, or the phone.
    private bool Binds(ReceiptModel proof) => proof.IsRecovery ? proof.Set == _active?.Id : _phones.Exists(p => p.Id == proof.Phone);

    private bool IsLockedOut(ReceiptModel receipt) => (receipt.IsRecovery ? _recovery : _totp).IsLockedOut(receipt.IsKnown, Now);

    private static string NameOf(ReceiptModel? proof) => proof is { IsRecovery: true } ? "set" : "phone";

    // An unfinished change ends with what proved it.
    private void EndUnproved()
    {
        if (_pending?.Proof is { } proof && !Binds(proof))
        {
            Reached.Add($"Enrolment ended with its {NameOf(proof)}");
            (_endedPending, _pending) = (_pending, null);
        }

        if (_pendingSet is { Proof: { } provedBy } && !Binds(provedBy))
        {
            Reached.Add("Pending codes ended with their phone");
            ReplaceSets(_active);
        }
    }

    private void ReplaceSets(CodeSetModel? active, CodeSetModel? pending = null)
    {
        var kept = new[] { active, pending };
        _invalidCodes.AddRange(new[] { _active, _pendingSet }.Except(kept).OfType<CodeSetModel>().Select(set => set.Code));
        (_active, _pendingSet) = (active, pending);
    }

    private void EndAnswer(string reason) =>
        (_answer, _signIn) = (EndOf(_answer, reason), EndOf(_signIn, reason));

    private static AnswerModel? EndOf(AnswerModel? answer, string reason) =>
        answer is { End: null } ? answer with { End = reason } : answer;

    private MfaProof? Proof() => _receipt is { } r ? MfaProof.FromReceipt(r.Receipt) : null;

    private MfaChangeOutcome? ProofRefusal()
    {
        if (!IsEnabled)
        {
            return !_hasRecord && _receipt is not null ? MfaChangeOutcome.Unavailable : MfaChangeOutcome.NotEnrolled;
        }

        return _receipt is null ? MfaChangeOutcome.ProofRequired : Proves() ? null : MfaChangeOutcome.ProofRefused;
    }

    private async Task RecoverAndBindAsync(int choice)
    {
        await RecoverAsync(_active?.Code, choice);
        await BeginAsync(choice);
        if (choice % 4 == 0)
        {
            await RegenerateAsync();
            await (choice % 8 == 0 ? RecoverAsync(_active?.Code, choice) : AcknowledgeAsync(choice: 0));
            await RegenerateAsync();
        }

        await ConfirmAsync(isRight: true);
    }

    // The new phone proves changes, and is removed with the receipt of another one before they are confirmed.
    private async Task RemoveProvingPhoneAsync(int choice)
    {
        await BeginAsync(choice);
        await ConfirmAsync(isRight: true);
        await MoveClock(30);
        await VerifyStepAsync(1, 0);
        await RegenerateAsync();
        await BeginAsync(choice);
        await MoveClock(30);
        await VerifyStepAsync(0, 0);
        await RemoveAsync(1);
        await ConfirmAsync(isRight: true);
    }

    private async Task RegenerateOftenAsync(int choice)
    {
        for (var i = 0; i < (choice % 8 == 0 ? 7 : 1); i++)
        {
            await RegenerateAsync();
        }
    }

    private async Task RegenerateAsync()
    {
        var result = await _mfa.RegenerateRecoveryCodesAsync(_scenario.User, Proof(), Scenario.Token);

        Reached.Add($"Regenerate {result.Outcome}");
        var fullAt = (_regenerationsFullAt > Now ? _regenerationsFullAt.Value : Now) + RegainInterval;
        var isOften = fullAt > Now + 5 * RegainInterval;
        Assert.Equal(ProofRefusal() ?? (isOften ? MfaChangeOutcome.Throttled : MfaChangeOutcome.Succeeded), result.Outcome);
        if (result.Succeeded)
        {
            _regenerationsFullAt = fullAt;
            if (_active is null)
            {
                ReplaceSets(CodeSetModel.Of(result.RecoveryCodes!, Now));
                _recovery.BindAgain();
            }
            else
            {
                ReplaceSets(_active, CodeSetModel.Of(result.RecoveryCodes!, Now, _receipt));
            }

            EndAnswer("change");
        }
    }

    private async Task AcknowledgeAsync(int choice)
    {
        if ((choice % 2 == 0 ? _pendingSet : _active) is not { } set)
        {
            return;
        }

        var result = await _mfa.AcknowledgeRecoveryCodesAsync(_scenario.User, set.Id, Scenario.Token);

        Reached.Add($"Acknowledge {result.Outcome}");
        var isThere = set == _active || set.IsOpen(Now);
        Assert.Equal(isThere ? MfaChangeOutcome.Succeeded : MfaChangeOutcome.NotFound, result.Outcome);
        if (isThere && !set.IsAcknowledged)
        {
            Acknowledge(set);
        }
    }

    private void Acknowledge(CodeSetModel set)
    {
        EndAnswer("acknowledgement");
        if (set == _active)
        {
            _active = set with { IsAcknowledged = true };
            return;
        }

        ReplaceSets(set);
        _active = set with { IsAcknowledged = true, Proof = null };
        _recovery.BindAgain();
        EndUnproved();
    }

    private async Task RemoveAsync(int choice)
    {
        if (!IsEnabled)
        {
            return;
        }

        var index = choice % _phones.Count;
        var result = await _mfa.RemoveAuthenticatorAsync(_scenario.User, _phones[index].Id, Proof(), Scenario.Token);

        var last = _phones.Count == 1 ? MfaChangeOutcome.LastAuthenticator : MfaChangeOutcome.Succeeded;
        Assert.Equal(ProofRefusal() ?? last, result.Outcome);
        if (result.Succeeded)
        {
            _phones.RemoveAt(index);
            EndAnswer("change");
            EndUnproved();
        }
    }

    // A new name ends nothing: no answer, no receipt and no enrolment.
    private async Task RenameAsync(int choice)
    {
        var phone = choice % 4 < _phones.Count ? _phones[choice % 4] : null;
        var result = await _mfa.RenameAuthenticatorAsync(
            _scenario.User, phone?.Id ?? Guid.NewGuid(), choice % 3 == 0 ? "\u200B" : $"Phone\t{choice}", Scenario.Token);

        Reached.Add($"Rename {result.Outcome}");
        Assert.Equal(phone is null ? NotFound : MfaChangeOutcome.Succeeded, result.Outcome);
        if (phone is not null)
        {
            phone.Name = choice % 3 == 0 ? null : $"Phone{choice}";
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

        EndAnswer("change");
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
        ReplaceSets(null);
        _phones.Clear();
        _devices.RevokeAll();
        (_endedPending, _pending) = (_pending ?? _endedPending, null);
        EndAnswer("change");
        _timesEnded++;
    }
}
