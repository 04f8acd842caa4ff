using System.Globalization;
using System.Security.Cryptography;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Core.Tests.Model;

/// <summary>
/// Runs commands against a real service and against a model of the documents, and fails if the two differ. The model takes only secrets,
/// codes and ids from the service.
/// </summary>
internal sealed class LifeCycle
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);
    private static readonly int[] Jumps = [1, 30, 90, 300, 3600, 86400];

    private readonly Scenario _scenario = new(new MfaOptions { Issuer = "Callroute", MaximumAuthenticators = 2 });
    private readonly ThrottleModel _totp;
    private readonly ThrottleModel _recovery;
    private readonly List<PhoneModel> _phones = [];
    private readonly List<string> _invalidCodes = [];
    private readonly Dictionary<string, byte[]> _keys = [];
    private readonly HashSet<(VirtualAuthenticator Phone, long Step)> _accepted = [];
    private MfaService _mfa;
    private bool _hasRecord;
    private int _timesDisabled;
    private PendingEnrollment? _pending;
    private string? _active;
    private (Guid SetId, string Code, VirtualAuthenticator? ProofPhone)? _pendingCode;
    private (string Code, AttemptId Attempt, DateTimeOffset At, string Replacement)? _repeatable;
    private ReceiptModel? _receipt;

    public LifeCycle()
    {
        _totp = new ThrottleModel(_scenario.Options.TotpThrottle);
        _recovery = new ThrottleModel(_scenario.Options.RecoveryThrottle);
        _mfa = NewService();
    }

    private DateTimeOffset Now => _scenario.Clock.GetUtcNow();

    private long CurrentStep => Now.ToUnixTimeSeconds() / 30;

    private bool IsEnabled => _phones.Count > 0;

    /// <summary>The cases that have happened so far. The test checks that every case was reached.</summary>
    public HashSet<string> Reached { get; } = [];

    public async Task RunAsync(int command, int choice)
    {
        await (command switch
        {
            0 => BeginAsync(choice),
            1 => ConfirmAsync(isRight: true),
            2 => ConfirmAsync(isRight: false),
            3 or 4 => VerifyStepAsync(choice, choice % 3 - 1),
            5 => VerifyStepAsync(choice, choice % 2 == 0 ? -4 : 4),
            6 => VerifyWrongAsync(),
            7 => RecoverAsync(_active, choice),
            8 => RecoverAsync(_pendingCode?.Code, choice),
            9 => RecoverAsync(InvalidCode(choice), choice),
            10 => RepeatRecoveryAsync(),
            11 => RegenerateAsync(),
            12 => AcknowledgeAsync(),
            13 => choice % 3 == 0 ? DisableAsync() : Task.CompletedTask,
            14 => choice % 8 == 0 ? ResetAsync() : Task.CompletedTask,
            15 => RemoveAsync(choice),
            16 or 17 => MoveClock(Jumps[choice % Jumps.Length]),
            18 => MoveClock(-Jumps[choice % Jumps.Length]),
            19 => FailAndWaitAsync(),
            20 => FailRecoveryAsync(),
            _ => RestartAsync(choice),
        });
        await CheckStatusAsync();
    }

    private string InvalidCode(int choice) =>
        _invalidCodes.Count > 0 ? _invalidCodes[choice % _invalidCodes.Count] : RecoveryCode.Generate().Reveal();

    private MfaService NewService()
    {
        var id = $"k{_keys.Count}";
        _keys.Add(id, RandomNumberGenerator.GetBytes(32));
        var protector = new AesGcmSecretProtector(new KeyRing(id, _keys));
        return new MfaService(_scenario.Store, protector, _scenario.Hasher, _scenario.Options, _scenario.Clock);
    }

    private bool Proves() =>
        _receipt is { } r && r.TimesDisabled == _timesDisabled && (Now - r.At).Duration() <= TimeSpan.FromMinutes(10)
        && (r.Phone is null || (!_totp.IsLockedOut && _phones.Any(p => p.Phone == r.Phone)));

    // An unconfirmed change ends if the phone whose code was its proof is removed.
    private void EndChangesProvedBy(VirtualAuthenticator phone)
    {
        _pending = _pending is { } pending && pending.ProofPhone == phone ? null : _pending;
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
        var offer = await _mfa.BeginEnrollmentAsync(_scenario.User, $"alice {choice}", Proof(), cancellationToken: Scenario.Token);

        var refusal = IsEnabled ? ProofRefusal() : null;
        if (refusal is null && !_totp.IsLockedOut && _phones.Count >= 2)
        {
            refusal = MfaChangeOutcome.LimitReached;
        }

        Reached.Add($"Begin {offer.Outcome}");
        Assert.Equal(refusal ?? MfaChangeOutcome.Succeeded, offer.Outcome);
        if (refusal is null)
        {
            _hasRecord = true;
            _repeatable = null;
            var phone = VirtualAuthenticator.Scan(offer.Uri!.Reveal(), _scenario.Clock);
            _pending = new PendingEnrollment(offer.EnrollmentId, phone, Now.AddMinutes(10), Tries: 5)
            {
                IsProvedByRecovery = IsEnabled && _receipt is { Phone: null },
                ProofPhone = IsEnabled ? _receipt!.Phone : null,
            };
        }
    }

    private async Task ConfirmAsync(bool isRight)
    {
        if (_pending is not { } pending)
        {
            return;
        }

        var code = isRight ? pending.Phone.GetCode() : _scenario.WrongCode(pending.Phone);
        var result = await _mfa.ConfirmEnrollmentAsync(_scenario.User, pending.Id, code, Scenario.Token);

        var isInTime = pending.Tries > 0 && Now < pending.ExpiresAt && Now > pending.ExpiresAt.AddMinutes(-20);
        Reached.Add($"Confirm {result.Outcome}");
        Assert.Equal(ExpectedConfirmation(pending.IsProvedByRecovery, isInTime, isRight), result.Outcome);
        if (result.Outcome == MfaChangeOutcome.WrongCode)
        {
            _pending = pending with { Tries = pending.Tries - 1 };
        }
        else if (result.Succeeded)
        {
            Add(pending.Phone, result.RecoveryCodes);
        }
    }

    private MfaChangeOutcome ExpectedConfirmation(bool isProvedByRecovery, bool isInTime, bool isRight)
    {
        if (!isInTime)
        {
            return MfaChangeOutcome.Expired;
        }

        if (!isRight)
        {
            return MfaChangeOutcome.WrongCode;
        }

        return IsEnabled && _totp.IsLockedOut && !isProvedByRecovery ? MfaChangeOutcome.ProofRefused : MfaChangeOutcome.Succeeded;
    }

    private void Add(VirtualAuthenticator phone, IssuedRecoveryCodes? issued)
    {
        Reached.Add(_totp.IsLockedOut ? "Lockout lifted" : IsEnabled ? "Second authenticator" : "First authenticator");
        if (_totp.IsLockedOut)
        {
            _phones.ForEach(p => EndChangesProvedBy(p.Phone));
            _phones.Clear();
        }

        if (_phones.Count == 0)
        {
            _totp.Succeed();
        }

        _phones.Add(new PhoneModel(phone, CurrentStep));
        _accepted.Add((phone, CurrentStep));
        (_pending, _repeatable) = (null, null);
        Assert.Equal(_active is null, issued is not null);
        if (issued is not null)
        {
            _active = issued.Reveal()[0];
            _recovery.Succeed();
        }
    }

    private async Task VerifyStepAsync(int choice, int offset)
    {
        if (!IsEnabled)
        {
            return;
        }

        var chosen = _phones[choice % _phones.Count];
        var step = CurrentStep + offset;
        var result = await VerifyAsync(chosen.Phone.GetCodeAt(DateTimeOffset.UnixEpoch + step * Step));

        Reached.Add($"Totp {result}");
        var inWindow = Math.Abs(offset) <= 1;
        var expected = ExpectedTotp(inWindow, inWindow && step > chosen.LastUsedStep, chosen);
        if (expected != RefusalReason.WrongCode || !_phones.Any(p => MatchesInWindow(p, chosen, step)))
        {
            Assert.Equal(expected, result.Reason);
        }

        if (result.Succeeded)
        {
            Accept(chosen, step, result);
        }
        else if (result.Reason == RefusalReason.WrongCode)
        {
            _totp.Fail(Now);
        }
    }

    // One code in a million belongs to two steps. TotpWindowTests tests those.
    private bool MatchesInWindow(PhoneModel other, PhoneModel chosen, long step) => Enumerable.Range(-1, 3).Any(offset =>
        other.Phone.GetCodeAt(Now + offset * Step) == chosen.Phone.GetCodeAt(DateTimeOffset.UnixEpoch + step * Step));

    private RefusalReason? ExpectedTotp(bool matches, bool isFresh, PhoneModel phone)
    {
        if (_totp.IsLockedOut)
        {
            return RefusalReason.LockedOut;
        }

        if (!_totp.MayTry(Now))
        {
            return RefusalReason.Throttled;
        }

        if (!matches)
        {
            return RefusalReason.WrongCode;
        }

        return isFresh ? null : phone.LastUsedStep > CurrentStep + 1 ? RefusalReason.ClockBehind : RefusalReason.Replayed;
    }

    private void Accept(PhoneModel phone, long step, VerificationResult result)
    {
        Assert.True(_accepted.Add((phone.Phone, step)), "A time step was accepted twice.");
        phone.LastUsedStep = step;
        _totp.Succeed();
        _repeatable = null;
        _receipt = new ReceiptModel(result.Receipt!, phone.Phone, Now, _timesDisabled);
    }

    private async Task FailAndWaitAsync()
    {
        for (var i = 0; i < 20 && IsEnabled; i++)
        {
            await VerifyWrongAsync();
            await MoveClock(3600);
        }
    }

    private async Task VerifyWrongAsync()
    {
        if (!IsEnabled)
        {
            Assert.Equal(RefusalReason.NotEnrolled, (await VerifyAsync("000000")).Reason);
            return;
        }

        var codes = _phones.SelectMany(p => Enumerable.Range(-2, 5).Select(offset => p.Phone.GetCodeAt(Now + offset * Step))).ToHashSet();
        var wrong = Enumerable.Range(0, 100).Select(i => i.ToString("D6", CultureInfo.InvariantCulture)).First(c => !codes.Contains(c));
        var result = await VerifyAsync(wrong);

        Assert.Equal(ExpectedTotp(matches: false, isFresh: false, _phones[0]), result.Reason);
        if (result.Reason == RefusalReason.WrongCode)
        {
            _totp.Fail(Now);
        }
    }

    private async Task RecoverAsync(string? code, int choice)
    {
        if (code is null || !IsEnabled)
        {
            return;
        }

        var attempt = _mfa.BeginAttempt();
        var typed = choice % 2 == 0 ? code : code.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal);
        var result = await _mfa.VerifyAsync(_scenario.User, typed, attempt, cancellationToken: Scenario.Token);

        var isRight = code == _active || code == _pendingCode?.Code;
        Reached.Add($"Recovery {(code == _active ? "active" : isRight ? "pending" : "invalid")} {result}");
        Assert.Equal(ExpectedRecovery(isRight), result.Reason);
        if (result.Succeeded)
        {
            Recover(code, attempt, result);
        }
        else if (result.Reason == RefusalReason.WrongCode)
        {
            _recovery.Fail(Now);
        }
    }

    private async Task FailRecoveryAsync()
    {
        for (var i = 0; i < 5; i++)
        {
            await RecoverAsync(RecoveryCode.Generate().Reveal(), i);
        }
    }

    private RefusalReason? ExpectedRecovery(bool isRight)
    {
        if (_recovery.IsLockedOut)
        {
            return RefusalReason.LockedOut;
        }

        if (!_recovery.MayTry(Now))
        {
            return RefusalReason.Throttled;
        }

        return isRight ? null : RefusalReason.WrongCode;
    }

    private void Recover(string code, AttemptId attempt, VerificationResult result)
    {
        _invalidCodes.AddRange(new[] { _active, _pendingCode?.Code }.OfType<string>());
        _active = result.ReplacementRecoveryCodes!.Reveal()[0];
        _pendingCode = null;
        _recovery.Succeed();
        _repeatable = (code, attempt, Now, _active);
        _receipt = new ReceiptModel(result.Receipt!, null, Now, _timesDisabled);
    }

    private async Task RepeatRecoveryAsync()
    {
        if (_repeatable is not { } used || !IsEnabled)
        {
            return;
        }

        var result = await _mfa.VerifyAsync(_scenario.User, used.Code, used.Attempt, cancellationToken: Scenario.Token);

        var isInTime = (Now - used.At).Duration() < TimeSpan.FromMinutes(10);
        Reached.Add(isInTime ? "Answer repeated" : "Answer no longer repeated");
        Assert.Equal(isInTime ? null : RefusalReason.AttemptSpent, result.Reason);
        if (isInTime)
        {
            Assert.Equal(used.Replacement, result.ReplacementRecoveryCodes!.Reveal()[0]);
        }
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
        _recovery.Succeed();
    }

    private async Task DisableAsync()
    {
        var result = await _mfa.DisableAsync(_scenario.User, MfaPolicy.Optional, Proof(), Scenario.Token);

        Reached.Add($"Disable {result.Outcome}");
        Assert.Equal(ProofRefusal() ?? MfaChangeOutcome.Succeeded, result.Outcome);
        if (result.Succeeded)
        {
            RemoveEverything();
        }
    }

    private async Task ResetAsync()
    {
        var result = await _mfa.ResetAsync(_scenario.User, "model", cancellationToken: Scenario.Token);

        Assert.Equal(_hasRecord ? MfaChangeOutcome.Succeeded : MfaChangeOutcome.NotEnrolled, result.Outcome);
        if (result.Succeeded)
        {
            RemoveEverything();
            _totp.Reset();
            _recovery.Reset();
        }
    }

    private void RemoveEverything()
    {
        _invalidCodes.AddRange(new[] { _active, _pendingCode?.Code }.OfType<string>());
        _phones.Clear();
        (_active, _pendingCode, _pending, _repeatable) = (null, null, null, null);
        _timesDisabled++;
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

    private Task MoveClock(int seconds)
    {
        _scenario.Clock.AdjustTime(Now.AddSeconds(seconds));
        return Task.CompletedTask;
    }

    private async Task RestartAsync(int choice)
    {
        _mfa = NewService();
        if (choice % 4 == 0)
        {
            await foreach (var result in _mfa.RotateKeysAsync(Scenario.Token))
            {
                Assert.Null(result.Failure);
            }
        }
    }

    private async Task<VerificationResult> VerifyAsync(string code) =>
        await _mfa.VerifyAsync(_scenario.User, code, _mfa.BeginAttempt(), cancellationToken: Scenario.Token);

    private async Task CheckStatusAsync()
    {
        var status = await _mfa.GetStatusAsync(_scenario.User, Scenario.Token);
        Assert.Equal(IsEnabled, status.IsEnabled);
        Assert.Equal(_phones.Count, status.Authenticators.Count);
        Assert.Equal(_active is null ? 0 : 1, status.RecoveryCodesLeft);
        Assert.Equal(_pendingCode is not null, status.HasPendingRecoveryCodes);
        Assert.Equal((_totp.Failures, _totp.IsLockedOut), (status.TotpOnUnknownDevices.ConsecutiveFailures, status.TotpOnUnknownDevices.IsLockedOut));
        Assert.Equal((_recovery.Failures, _recovery.IsLockedOut), (status.RecoveryOnUnknownDevices.ConsecutiveFailures, status.RecoveryOnUnknownDevices.IsLockedOut));
        Assert.InRange(status.RecentEvents.Count, 0, 32);
    }

    private sealed record PendingEnrollment(Guid Id, VirtualAuthenticator Phone, DateTimeOffset ExpiresAt, int Tries)
    {
        public bool IsProvedByRecovery { get; init; }

        public VirtualAuthenticator? ProofPhone { get; init; }
    }
}
