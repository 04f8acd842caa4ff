using System.Security.Cryptography;
using Callroute.Mfa.Core.Tests.Execution;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Telemetry;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Core.Tests.Model;

/// <summary>
/// Runs commands against a real service and against a model of the documents, and fails if the two differ. The model takes only secrets,
/// codes, tokens and ids from the service.
/// </summary>
internal sealed partial class LifeCycle
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);
    private static readonly int[] Jumps = [1, 30, 90, 300, 3600, 86400, 4 * 86400, 91 * 86400];

    private readonly Scenario _scenario;
    private readonly HostModel _host = new();
    private readonly DeviceModel _devices = new();
    private readonly ThrottleModel _totp;
    private readonly ThrottleModel _recovery;
    private readonly List<PhoneModel> _phones = [];
    private readonly List<string> _invalidCodes = [];
    private readonly List<AttemptId> _spent = [];
    private readonly Dictionary<string, byte[]> _keys = [];
    private readonly HashSet<(VirtualAuthenticator Phone, long Step)> _accepted = [];
    private readonly Dictionary<string, Guid> _versions = [];
    private MfaService _mfa;
    private Circumstances _how = new(null, default, IsNewAttempt: false, SignInKind.SignIn, KeepsVersion: false);
    private AttemptId _attempt;
    private (string Binding, Guid Version) _begun;
    private bool _hasRecord;
    private int _timesEnded;
    private DateTimeOffset? _endedAt;
    private DateTimeOffset? _signedInAt;
    private (DateTimeOffset Until, bool AllowsPasswordAlone)? _reset;
    private PendingEnrollment? _pending;
    private PendingEnrollment? _endedPending;
    private CodeSetModel? _active;
    private CodeSetModel? _pendingSet;
    private AnswerModel? _answer;
    private AnswerModel? _signIn;
    private ReceiptModel? _receipt;
    private DateTimeOffset? _regenerationsFullAt;
    private DateTimeOffset? _lastWrite;

    public LifeCycle(bool isHostFailing)
    {
        _host.IsFailing = isHostFailing;

        // A smaller allowance than the default, so that typing errors that are not given back are soon noticed.
        var options = new MfaOptions
        {
            Issuer = "Callroute",
            MaximumAuthenticators = 3,
            TotpThrottle = { FailureAllowance = 24 },
            RecoveryThrottle = { FailureAllowance = 12 },
            RememberBrowserLifetime = TimeSpan.FromDays(30),
            OnEnrolledChanged = (_, isEnrolled) => _host.OnEnrolledChanged(isEnrolled),
        };
        _scenario = new(options, new HookedStore { OnWrite = WriteAsync });
        _totp = new ThrottleModel(_scenario.Options.TotpThrottle);
        _recovery = new ThrottleModel(_scenario.Options.RecoveryThrottle);
        _mfa = NewService();
    }

    private DateTimeOffset Now => _scenario.Clock.GetUtcNow();

    private long CurrentStep => Now.ToUnixTimeSeconds() / 30;

    private bool IsEnabled => _phones.Count > 0;

    /// <summary>Whether this node's clock is so far behind the last write that it must not write.</summary>
    private bool IsBehind => _lastWrite - Now > TimeSpan.FromMinutes(5);

    /// <summary>Names the authenticators and the sets, and how often MFA has ended.</summary>
    private string Binding => _hasRecord
        ? $"{_timesEnded} {_active?.Id} {_pendingSet?.Id} {string.Join(' ', _phones.Select(phone => phone.Id))}"
        : "none";

    /// <summary>The cases that have happened so far. The test checks that every case was reached.</summary>
    public HashSet<string> Reached { get; } = [];

    /// <param name="command">The kind of command.</param>
    /// <param name="choice">0–23: what the command is about.</param>
    /// <param name="circumstances">0–143: the device, the attempt, and whether it is a sign-in.</param>
    public async Task RunAsync(int command, int choice, int circumstances)
    {
        Choose(circumstances);
        await (command switch
        {
            < 14 or 15 or 19 or 20 or 24 or 26 or 27 or 28 or 29 or (> 31 and not 33) when IsBehind => BeBehindAsync(choice),
            0 => BeginAsync(choice),
            1 => ConfirmAsync(isRight: true),
            2 => ConfirmWronglyAsync(choice),
            3 or 4 => VerifyStepAsync(choice, choice % 3 - 1),
            5 => VerifyStepAsync(choice, choice % 2 == 0 ? -4 : 4),
            6 => VerifyWrongAsync(),
            7 => RecoverAsync(_active?.Code, choice),
            8 => RecoverAsync(_pendingSet?.Code, choice),
            9 => RecoverAsync(InvalidCode(choice), choice),
            10 => RepeatRecoveryAsync(),
            11 => RegenerateOftenAsync(choice),
            12 => AcknowledgeAsync(choice),
            13 => choice % 3 == 0 ? DisableAsync(choice) : Task.CompletedTask,
            14 => choice % 6 == 0 ? ResetAsync(choice) : Task.CompletedTask,
            15 => RemoveAsync(choice),
            16 or 17 => MoveClock(Jumps[choice % Jumps.Length]),
            18 => MoveClockBackAsync(Jumps[choice % 6]),
            19 => choice % 2 == 0 ? FailAsync(20, TimeSpan.FromHours(1)) : Task.CompletedTask,
            20 => choice % 2 == 0 ? FailRecoveryAsync(choice) : Task.CompletedTask,
            21 => KeepTimeAsync(() => RestartAsync(choice)),
            22 => KeepTimeAsync(RequireAsync),
            23 => ChangeHostAsync(choice),
            24 => RevokeAsync(choice),
            25 => UnlockAsync(),
            26 => SignInWithTypingErrorsAsync(choice),
            27 => RecoverAndBindAsync(choice),
            28 => choice % 4 == 0 ? SignInOnManyDevicesAsync() : Task.CompletedTask,
            29 => choice == 0 ? FailAsync(100, TimeSpan.FromDays(3)) : Task.CompletedTask,
            30 => choice % 4 == 0 ? LoseRecordAsync(choice) : Task.CompletedTask,
            32 => RenameAsync(choice),
            33 => EndRepeatableAnswersAsync(),
            34 => BeAheadAsync(choice),
            35 => RemoveProvingPhoneAsync(choice),
            37 => ImportAsync(choice),
            38 => VerifyAndImportAsync(choice),
            39 => ImportCodesAsync(),
            40 => RememberAsync(choice),
            36 => RepeatSignInAsync(choice % 4 == 0 ? "000000" : _signIn?.Code),
            _ => SignInAgain(),
        });
        await CheckStatusAsync();
    }

    private void Choose(int circumstances)
    {
        var spent = circumstances % 12 == 11 && _spent.Count > 0 ? _spent[^Math.Min(_spent.Count, 1 + circumstances % 17)] : default;
        _how = new(
            _devices.Choose(circumstances / 12 % 12),
            spent,
            IsNewAttempt: circumstances % 3 == 0,
            (SignInKind)(circumstances % 4 % 3),
            KeepsVersion: circumstances / 4 % 2 == 0);
    }

    private MfaService NewService()
    {
        var id = $"k{_keys.Count}";
        _keys.Add(id, RandomNumberGenerator.GetBytes(32));
        var protector = new AesGcmSecretProtector(new KeyRing(id, _keys));
        return new MfaService(_scenario.Store, protector, _scenario.Hasher, _scenario.Options, _scenario.Clock);
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

    private async Task CheckStatusAsync()
    {
        _host.EndCommand(IsEnabled);
        var status = await _mfa.GetStatusAsync(_scenario.User, Scenario.Token);
        Assert.Equal(IsEnabled, status.IsEnabled);
        Assert.Equal(_phones.Select(phone => (phone.Id, phone.Name)), status.Authenticators.Select(a => (a.Id, a.Name)));
        Assert.Equal(_phones.Exists(phone => phone.IsImported), status.ShouldEnrollAgain);
        Assert.Equal(_active is null ? 0 : 1, status.RecoveryCodesLeft);
        Assert.Equal(_pendingSet?.IsOpen(Now) ?? false, status.HasPendingRecoveryCodes);
        Assert.Equal(_active?.IssuedAt, status.RecoveryCodesCreatedAt);
        Assert.Equal(_active?.IsAcknowledged ?? false, status.AreRecoveryCodesAcknowledged);
        CheckVersion(status.BindingVersion);
        Check(_totp, isKnown: true, status.TotpOnKnownDevices);
        Check(_totp, isKnown: false, status.TotpOnUnknownDevices);
        Check(_recovery, isKnown: true, status.RecoveryOnKnownDevices);
        Check(_recovery, isKnown: false, status.RecoveryOnUnknownDevices);
        Assert.True(_devices.UsedAt(Now).SequenceEqual(status.KnownDevices.Values), "The known devices differ.");
        Assert.Equal(
            _remembered.Where(IsRemembered).Select(it => it.VerifiedAt.AddDays(30)).Order(), status.RememberedBrowsers.Values.Order());
        Assert.Equal(_totp.TimesUsedUp, TimesUsedUp(MfaMethod.Totp));
        Assert.Equal(_recovery.TimesUsedUp, TimesUsedUp(MfaMethod.RecoveryCode));
        Assert.InRange(status.RecentEvents.Count, 0, 32);
    }

    // Each state of authenticators and sets has its own version.
    private void CheckVersion(Guid version)
    {
        if (_versions.TryAdd(Binding, version))
        {
            Assert.DoesNotContain(version, _versions.Where(known => known.Key != Binding).Select(known => known.Value));
        }

        Assert.Equal(_versions[Binding], version);
    }

    private void Check(ThrottleModel expected, bool isKnown, FactorStatus status) =>
        Assert.True(
            expected.Status(isKnown, Now) == (status.ConsecutiveFailures, status.IsLockedOut, status.RetryAfter),
            $"Known devices: {isKnown}. Expected {expected.Status(isKnown, Now)}, was {status.ConsecutiveFailures}, {status.RetryAfter}.");

    private int TimesUsedUp(MfaMethod method) =>
        _scenario.Events.Count(e => e.Kind == MfaEventKind.AllowanceUsedUp && e.Method == method);

    /// <summary>How a code is sent.</summary>
    private enum SignInKind
    {
        SignIn,
        StepUp,
        Proof,
    }

    /// <summary>The circumstances of a command.</summary>
    /// <param name="Device">The token that the device presents.</param>
    /// <param name="Spent">An attempt that succeeded earlier; the default value for none.</param>
    /// <param name="IsNewAttempt">Whether a sign-in begins anew.</param>
    /// <param name="Kind">How a code is sent.</param>
    /// <param name="KeepsVersion">Whether the host keeps the binding version of the time when the attempt began.</param>
    private sealed record Circumstances(string? Device, AttemptId Spent, bool IsNewAttempt, SignInKind Kind, bool KeepsVersion);

    private sealed record PendingEnrollment(Guid Id, VirtualAuthenticator Phone, DateTimeOffset ExpiresAt, int Tries, ReceiptModel? Proof);
}
