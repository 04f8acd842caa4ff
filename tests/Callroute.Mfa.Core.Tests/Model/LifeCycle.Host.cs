namespace Callroute.Mfa.Core.Tests.Model;

/// <summary>The application, its administrator, and its store.</summary>
internal sealed partial class LifeCycle
{
    private async Task ChangeHostAsync(int choice)
    {
        _host.IsFailing = !_host.IsFailing;
        if (_host.IsFailing && choice % 3 == 0 && !IsBehind)
        {
            await MoveClock(30);
            await VerifyStepAsync(choice, 0);
            await DisableAsync(choice: 0);
        }
    }

    private Task SignInAgain()
    {
        _signedInAt = Now;
        return Task.CompletedTask;
    }

    private async Task RequireAsync()
    {
        await RequireAsync(MfaPolicy.Optional);
        await RequireAsync(MfaPolicy.Required);
    }

    private async Task RequireAsync(MfaPolicy policy)
    {
        var isOwed = _hasRecord && _host.IsOwed(Now);
        var mustTell = isOwed || (IsEnabled && !_host.IsEnrolled);
        var result = await _mfa.GetSignInRequirementAsync(_scenario.User, policy, _host.IsEnrolled, Scenario.Token);

        Assert.Equal(mustTell && !_host.IsFailing, _host.WasTold);
        Assert.Equal(ExpectedRequirement(policy), result);
        var record = IsEnabled ? "enrolled" : _reset is not null ? "reset" : _endedAt is not null ? "ended" : "none";
        Reached.Add($"{record}, {policy}, {(_host.IsEnrolled ? "yes" : "no")}: {result}");
        Reach(_host.WasTold, IsEnabled ? "Told of an enrolment" : "Told of an end");
        _host.EndCommand(IsEnabled);
    }

    private bool IsResetOpen => Now < _reset?.Until && Now >= _reset?.Until.AddDays(-7);

    // The table of the documents, after the row was corrected.
    private SignInRequirement ExpectedRequirement(MfaPolicy policy)
    {
        if (IsEnabled)
        {
            return SignInRequirement.Required;
        }

        if (_reset is { } reset)
        {
            return reset.AllowsPasswordAlone && policy == MfaPolicy.Optional && !_host.IsEnrolled ? SignInRequirement.NotRequired
                : IsResetOpen ? SignInRequirement.EnrollmentRequired
                : SignInRequirement.Unavailable;
        }

        return _host.IsEnrolled ? SignInRequirement.Unavailable
            : policy == MfaPolicy.Required ? SignInRequirement.EnrollmentRequired
            : SignInRequirement.NotRequired;
    }

    private async Task ResetAsync(int choice)
    {
        var (period, allowsPasswordAlone) = (choice % 4 == 0 ? TimeSpan.FromDays(7) : (TimeSpan?)null, choice % 12 == 0);
        var result = await _mfa.ResetAsync(_scenario.User, "model", period, allowsPasswordAlone, Scenario.Token);

        Assert.True(result.Succeeded);
        Reach(IsBehind, "Time repaired by a reset");
        (_hasRecord, _lastWrite, _regenerationsFullAt) = (true, Now, null);
        _totp.Reset();
        _recovery.Reset();
        End((Now + (period ?? TimeSpan.FromHours(24)), allowsPasswordAlone));
    }

    private async Task UnlockAsync()
    {
        var result = await _mfa.UnlockAsync(_scenario.User, "model", Scenario.Token);

        Reached.Add($"Unlock {result.Outcome}");
        Reach(IsBehind, "Time repaired by an unlock");
        _lastWrite = _hasRecord ? Now : null;
        if (!IsEnabled)
        {
            Assert.Equal(MfaChangeOutcome.NotEnrolled, result.Outcome);
            return;
        }

        var staysLockedOut = _totp.NeedsNewBinding || _recovery.NeedsNewBinding;
        Assert.Equal(staysLockedOut ? MfaChangeOutcome.LockedOut : MfaChangeOutcome.Succeeded, result.Outcome);
        _totp.Unlock(Now);
        _recovery.Unlock(Now);
        _regenerationsFullAt = _regenerationsFullAt > Now + 5 * RegainInterval ? Now + 5 * RegainInterval : _regenerationsFullAt;
    }

    private Task LoseRecordAsync(int choice) => choice switch
    {
        < 8 => EraseAsync(),
        < 16 => LoseAsync(),
        _ => CorruptAsync(choice),
    };

    private async Task EraseAsync()
    {
        if (_hasRecord && _host.IsFailing)
        {
            await Assert.ThrowsAsync<IOException>(async () => await _mfa.EraseAsync(_scenario.User, Scenario.Token));
            return;
        }

        var result = await _mfa.EraseAsync(_scenario.User, Scenario.Token);

        Assert.Equal(_hasRecord ? MfaChangeOutcome.Succeeded : MfaChangeOutcome.NotEnrolled, result.Outcome);
        Assert.Equal(_hasRecord, _host.WasTold);
        Forget();
    }

    private async Task LoseAsync()
    {
        if (await _scenario.Store.FindAsync(_scenario.User, Scenario.Token) is { } stored)
        {
            await _scenario.Store.TryDeleteAsync(_scenario.User, stored.Version, Scenario.Token);
        }

        Forget();
    }

    // Only a reset helps with a record that cannot be read.
    private async Task CorruptAsync(int choice)
    {
        if (!_hasRecord)
        {
            return;
        }

        await _scenario.EditAsync(_ => "{");
        var result = await _mfa.GetSignInRequirementAsync(
            _scenario.User, MfaPolicy.Optional, _host.IsEnrolled, Scenario.Token);

        Assert.Equal(SignInRequirement.Unavailable, result);
        Forget();
        await ResetAsync(choice);
    }

    private void Forget()
    {
        RemoveEverything();
        _totp.Reset();
        _recovery.Reset();
        _spent.Clear();
        _host.OweNothing();
        (_hasRecord, _lastWrite, _endedAt, _reset, _regenerationsFullAt) = (false, null, null, null, null);
    }
}
