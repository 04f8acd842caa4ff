namespace Callroute.Mfa.Core.Tests.Model;

/// <summary>The clock of the node.</summary>
internal sealed partial class LifeCycle
{
    private async ValueTask<bool> WriteAsync(Func<ValueTask<bool>> writeAsync)
    {
        EndRemembered();
        var isWritten = await writeAsync();
        _lastWrite = isWritten && !(_lastWrite > Now) ? Now : _lastWrite;
        _answer = isWritten && _answer?.IsOpen(Now) == false ? EndOf(_answer, "time") : _answer;
        _signIn = isWritten && _signIn?.IsOpen(Now) == false ? EndOf(_signIn, "time") : _signIn;
        return isWritten;
    }

    // These writes hold nothing that depends on the clock. They leave the time of the last write, and an answer that is too old.
    private async Task KeepTimeAsync(Func<Task> runAsync)
    {
        var (last, answer, signIn) = (_lastWrite, _answer, _signIn);
        await runAsync();
        (_lastWrite, _answer, _signIn) = (last, answer, signIn);
    }

    private Task MoveClock(int seconds)
    {
        _scenario.Clock.AdjustTime(Now.AddSeconds(seconds));
        return Task.CompletedTask;
    }

    // No wait and no lockout gets shorter because of the jump.
    private async Task MoveClockBackAsync(int seconds)
    {
        var before = await WaitsAsync();
        await MoveClock(-seconds);
        var after = await WaitsAsync();
        Assert.All(before.Zip(after), wait => Assert.True(IsBehind || wait.Second >= wait.First, $"{wait} after {seconds} s."));
    }

    private async Task<TimeSpan[]> WaitsAsync()
    {
        var status = await _mfa.GetStatusAsync(_scenario.User, Scenario.Token);
        var factors = new[]
        {
            status.TotpOnKnownDevices, status.TotpOnUnknownDevices, status.RecoveryOnKnownDevices, status.RecoveryOnUnknownDevices,
        };
        return [.. factors.Select(factor => factor.RetryAfter ?? (factor.IsLockedOut ? TimeSpan.MaxValue : TimeSpan.Zero))];
    }

    /// <summary>Tries everything that checks a code or changes the record; sometimes the clock is set right afterwards.</summary>
    private async Task BeBehindAsync(int choice)
    {
        var document = await _scenario.DocumentAsync();
        Reached.Add("Clock behind");
        await RefuseWhileBehindAsync();
        Assert.Equal(document, await _scenario.DocumentAsync());
        if (choice % 3 == 0)
        {
            _scenario.Clock.AdjustTime(_lastWrite!.Value.AddMinutes(-(choice % 6)));
        }
        else if (choice % 3 == 1)
        {
            await UnlockAsync();
        }
        else if (choice == 2)
        {
            await ResetAsync(choice);
        }
    }

    private async Task RefuseWhileBehindAsync()
    {
        var (user, token) = (_scenario.User, Scenario.Token);
        var code = _phones.Count > 0 ? _phones[0].Phone.GetCode() : "123456";
        VerificationResult[] verified =
        [
            await _mfa.VerifyAsync(user, code, _mfa.BeginAttempt(), cancellationToken: token),
            await _mfa.VerifyAsync(user, _active?.Code ?? InvalidCode(0), _mfa.BeginAttempt(), cancellationToken: token),
            await _mfa.VerifyAsync(user, _answer?.Code ?? code, Attempt(_answer), cancellationToken: token),
            await _mfa.VerifyAsync(user, _signIn?.Code ?? code, Attempt(_signIn), cancellationToken: token),
        ];
        Assert.Null(await _mfa.VerifyRememberedBrowserAsync(user, _remembered.LastOrDefault()?.Token, token));
        Assert.All(verified, result => Assert.Equal(RefusalReason.ClockBehind, result.Reason));
        MfaChangeOutcome[] changed =
        [
            (await _mfa.BeginEnrollmentAsync(user, "alice", Proof(), signedInAt: Now, cancellationToken: token)).Outcome,
            (await _mfa.ConfirmEnrollmentAsync(user, _pending?.Id ?? Guid.NewGuid(), _pending?.Phone.GetCode(), token)).Outcome,
            (await _mfa.ConfirmEnrollmentAsync(user, _answer?.Enrollment ?? Guid.NewGuid(), _answer?.Code, token)).Outcome,
            (await _mfa.RegenerateRecoveryCodesAsync(user, Proof(), token)).Outcome,
            (await _mfa.AcknowledgeRecoveryCodesAsync(user, _pendingSet?.Id ?? Guid.NewGuid(), token)).Outcome,
            (await _mfa.RemoveAuthenticatorAsync(user, Guid.NewGuid(), Proof(), token)).Outcome,
            (await _mfa.RenameAuthenticatorAsync(user, Guid.NewGuid(), null, token)).Outcome,
            (await _mfa.RevokeKnownDevicesAsync(user, Proof(), cancellationToken: token)).Outcome,
            (await new MfaImport(_mfa).ImportRecoveryCodesAsync(user, [NewForeignCode()], token)).Outcome,
            (await _mfa.DisableAsync(user, MfaPolicy.Optional, Proof(), token)).Outcome,
        ];
        Assert.All(changed, outcome => Assert.Equal(MfaChangeOutcome.ClockBehind, outcome));
    }

    private AttemptId Attempt(AnswerModel? answer) => answer is { Enrollment: null } ? answer.Attempt : _mfa.BeginAttempt();

    // A day ahead, until an administrator notices it.
    private async Task BeAheadAsync(int choice)
    {
        await MoveClock(86400);
        await VerifyStepAsync(choice, 0);
        await RegenerateOftenAsync(choice);
        await MoveClockBackAsync(86400);
        await UnlockAsync();
        await RecoverAsync(_active?.Code, choice);
        await RegenerateAsync();
    }
}
