using Callroute.Mfa.Core.Tests.Execution;
using Callroute.Mfa.Telemetry;

namespace Callroute.Mfa.Core.Tests.Operations;

/// <summary>The failure that is recorded before a recovery code is hashed, and its refund.</summary>
public sealed class RecordedFailureTests
{
    private readonly Scenario _scenario = new();

    /// <summary>A guess on another node, whose hash runs until the first task completes. The second is its answer.</summary>
    private static async Task<(TaskCompletionSource Hash, Task<VerificationResult> Answer)> GuessSlowlyAsync(Scenario scenario)
    {
        var hash = new TaskCompletionSource();
        var failures = (await scenario.RecordAsync()).RecoveryThrottle.UnknownDevices.Failures;
        var otherNode = scenario.Beside(options => Scenario.OwnGate(options.Recovery), hasher: new ProbeHasher { OnRun = _ => hash.Task });
        var answer = otherNode.VerifyAsync(Scenario.WrongRecoveryCode());
        Assert.Equal(failures + 1, (await scenario.RecordAsync()).RecoveryThrottle.UnknownDevices.Failures);
        return (hash, answer);
    }

    [Fact]
    public async Task VerifyAsync_FourMissesThenTheRightCode_KeepsOnlyTheMissesInTheHistory()
    {
        var (_, codes) = await _scenario.EnrollAsync();
        await _scenario.FailRecoveryAsync(4);

        Assert.True((await _scenario.VerifyAsync(codes!.Reveal()[0])).Succeeded);

        var history = (await _scenario.StatusAsync()).RecentEvents;
        Assert.Equal(4, _scenario.Events.Count(e => e.Kind == MfaEventKind.Refused));
        Assert.Equal(3, Assert.Single(history, e => e.Kind == MfaEventKind.Refused).Repeats);
        Assert.DoesNotContain(history, e => e.Kind == MfaEventKind.ThrottlingStarted);
    }

    [Fact]
    public async Task VerifyAsync_SameAttemptSentTwiceAtOnce_LeavesNoFailureAndNoRefusal()
    {
        var (_, codes) = await _scenario.EnrollAsync();
        var hash = new TaskCompletionSource();
        _scenario.Hasher.Barrier = hash.Task;
        var attempt = _scenario.Mfa.BeginAttempt();
        var first = _scenario.VerifyAsync(codes!.Reveal()[0], attempt);
        var second = _scenario.VerifyAsync(codes.Reveal()[0], attempt);
        hash.SetResult();
        Assert.All(await Task.WhenAll(first, second), r => Assert.True(r.Succeeded));

        var record = await _scenario.RecordAsync();

        var throttle = record.RecoveryThrottle.UnknownDevices;
        Assert.False(throttle.AllowanceFullAt > _scenario.Clock.GetUtcNow(), "A failure stays in the allowance.");
        Assert.Equal(0, throttle.Failures);
        Assert.DoesNotContain(record.Events, e => e.Kind == MfaEventKind.Refused);
    }

    [Fact]
    public async Task VerifyAsync_TwoCodesOfAPendingSetAtOnce_AreAcceptedOrAskedForAgain()
    {
        var scenario = new Scenario(options => (options.Recovery.Count, options.Recovery.RegenerateOnUse) = (2, false));
        var (phone, _) = await scenario.EnrollAsync();
        var pending = (await scenario.RegenerateAsync(scenario.CodeOf(phone))).RecoveryCodes!;
        var hash = new TaskCompletionSource();
        scenario.Hasher.Barrier = hash.Task;
        var both = Task.WhenAll(pending.Reveal().Select(code => scenario.VerifyAsync(code)).ToArray());
        hash.SetResult();

        var results = await both;
        var again = await scenario.VerifyAsync(pending.Reveal()[results[0].Succeeded ? 1 : 0]);

        Assert.All(results, r => Assert.True(r.Succeeded || r.Reason == RefusalReason.Busy, r.ToString()));
        Assert.True(again.Succeeded, again.ToString());
        Assert.Equal(0, (await scenario.StatusAsync()).RecoveryOnUnknownDevices.ConsecutiveFailures);
    }

    // The code was right but not consumed. An answer that said so would reveal that it was right.
    [Fact]
    public async Task VerifyAsync_AttemptSpentWhileHashing_LeavesNoFailure()
    {
        var (phone, codes) = await _scenario.EnrollAsync();
        var hash = new TaskCompletionSource();
        _scenario.Hasher.Barrier = hash.Task;
        var attempt = _scenario.Mfa.BeginAttempt();
        var recovering = _scenario.VerifyAsync(codes!.Reveal()[0], attempt);
        Assert.True((await _scenario.VerifyAsync(phone.GetCode(), attempt)).Succeeded);
        hash.SetResult();

        Assert.Equal(RefusalReason.AttemptSpent, (await recovering).Reason);
        Assert.Equal(0, (await _scenario.StatusAsync()).RecoveryOnUnknownDevices.ConsecutiveFailures);
        Assert.DoesNotContain(_scenario.Events, e => e.Kind == MfaEventKind.Refused);
    }

    [Fact]
    public async Task Refund_SetReplacedWhileHashing_GivesBackOnlyTheAllowance()
    {
        var scenario = new Scenario(options => options.RecoveryThrottle.LockoutThreshold = 5);
        var (_, codes) = await scenario.EnrollAsync();
        var (hash, answer) = await GuessSlowlyAsync(scenario);
        Assert.True((await scenario.VerifyAsync(codes!.Reveal()[0])).Succeeded);
        await scenario.FailRecoveryAsync(5);
        var before = (await scenario.RecordAsync()).RecoveryThrottle.UnknownDevices;
        hash.SetResult();

        Assert.Equal(RefusalReason.Busy, (await answer).Reason);
        Assert.True(before is { Failures: 5, NotBefore: not null, LockedOutAt: not null });
        Assert.Equivalent(
            before with { AllowanceFullAt = before.AllowanceFullAt - TimeSpan.FromDays(3) },
            (await scenario.RecordAsync()).RecoveryThrottle.UnknownDevices,
            strict: true);
    }

    // The failure is refunded, so a success of the same attempt must not give it back once more.
    [Fact]
    public async Task Refund_SetReplacedOnAKnownDeviceWhileHashing_RemembersTheAttemptBefore()
    {
        var (_, codes) = await _scenario.EnrollAsync();
        await _scenario.FailRecoveryAsync(1);
        var before = (await _scenario.RecordAsync()).RecoveryThrottle.UnknownDevices.LastAttempt;
        var (hash, answer) = await GuessSlowlyAsync(_scenario);
        _scenario.KnownDevice = _scenario.FirstDevice;
        Assert.True((await _scenario.VerifyAsync(codes!.Reveal()[0])).Succeeded);
        hash.SetResult();

        Assert.Equal(RefusalReason.Busy, (await answer).Reason);
        Assert.Equivalent(before, (await _scenario.RecordAsync()).RecoveryThrottle.UnknownDevices.LastAttempt, strict: true);
    }

    // An allowance that was used up before stays so; its event was raised.
    [Fact]
    public async Task Refund_AllowanceUsedUpBefore_RaisesNoSecondEvent()
    {
        var scenario = new Scenario(options => (options.RecoveryThrottle.FailureAllowance, options.Recovery.Count) = (3, 2));
        var (_, codes) = await scenario.EnrollAsync();
        await scenario.FailRecoveryAsync(3);
        Assert.True((await scenario.VerifyAsync(codes!.Reveal()[0])).Succeeded);
        await scenario.FailRecoveryAsync(1);

        Assert.Single(scenario.Events, e => e.Kind == MfaEventKind.AllowanceUsedUp);
        Assert.Single((await scenario.StatusAsync()).RecentEvents, e => e.Kind == MfaEventKind.AllowanceUsedUp);
    }

    // A reset clears the throttle, so no earlier failure can be refunded.
    [Fact]
    public async Task Refund_ResetWhileHashing_GivesNothingBack()
    {
        await _scenario.EnrollAsync();
        var (hash, answer) = await GuessSlowlyAsync(_scenario);
        await _scenario.ResetAsync();
        await _scenario.EnrollAsync();
        await _scenario.FailRecoveryAsync(1);
        var before = (await _scenario.RecordAsync()).RecoveryThrottle;
        hash.SetResult();
        await answer;

        Assert.Equivalent(before, (await _scenario.RecordAsync()).RecoveryThrottle, strict: true);
    }

    // The fifth failure alone leads to a wait, to a lockout if the threshold is five, and to an allowance that is used up.
    [Theory]
    [InlineData(100, 30, 1)]
    [InlineData(5, 30, 1)]
    [InlineData(100, 5, 1)]
    [InlineData(100, 30, 2)]
    public async Task Refund_HashOfTheCodeOrOfItsReplacementFails_LeavesTheThrottleAsItWas(
        int lockoutThreshold, int failureAllowance, int failingRun)
    {
        var scenario = new Scenario(options => (options.RecoveryThrottle.LockoutThreshold, options.RecoveryThrottle.FailureAllowance) =
            (lockoutThreshold, failureAllowance));
        var (_, codes) = await scenario.EnrollAsync();
        await scenario.FailRecoveryAsync(4);
        var before = (await scenario.RecordAsync()).RecoveryThrottle;
        var broken = new ProbeHasher { OnRun = run => run == failingRun ? throw new InsufficientMemoryException() : Task.CompletedTask };

        var result = await scenario.Beside(hasher: broken).VerifyAsync(codes!.Reveal()[0]);

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.IsType<InsufficientMemoryException>(result.Cause);
        Assert.Equivalent(before, (await scenario.RecordAsync()).RecoveryThrottle, strict: true);
        Assert.True((await scenario.VerifyAsync(codes.Reveal()[0])).Succeeded);
    }

    [Fact]
    public async Task Refund_ReceiptCannotBeIssued_LeavesTheRightCodeUsable()
    {
        var (_, codes) = await _scenario.EnrollAsync();
        var broken = _scenario.Beside(protector: new HookedProtector(_scenario.Protector) { OnProtect = () => throw new IOException() });
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(RefusalReason.Unavailable, (await broken.VerifyAsync(codes!.Reveal()[0])).Reason);
        }

        Assert.True((await _scenario.VerifyAsync(codes!.Reveal()[0])).Succeeded);
    }

    // A write has happened, so the call must not report that it changed nothing.
    [Fact]
    public async Task VerifyAsync_KeyServiceTimesOutAndTheCallerCancels_IsUnavailable()
    {
        var (_, codes) = await _scenario.EnrollAsync();
        using var caller = new CancellationTokenSource();
        var broken = _scenario.Beside(protector: new HookedProtector(_scenario.Protector)
        {
            OnProtect = () =>
            {
                caller.Cancel();
                throw new TaskCanceledException();
            },
        });

        Assert.Equal(RefusalReason.Unavailable, (await broken.VerifyAsync(codes!.Reveal()[0], token: caller.Token)).Reason);
    }

    [Fact]
    public async Task Refund_StoreFailsToo_CauseNamesTheHash()
    {
        var store = new HookedStore();
        var scenario = new Scenario(store: store);
        var (_, codes) = await scenario.EnrollAsync();
        var broken = scenario.Beside(hasher: new ProbeHasher
        {
            OnRun = _ =>
            {
                store.OnFind = (_, _) => throw new IOException("store");
                throw new InvalidOperationException("hash");
            },
        });

        var result = await broken.VerifyAsync(codes!.Reveal()[0]);

        Assert.Contains("hash", result.Cause!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task VerifyAsync_SecondWriteLosesEverySwap_RaisesTheEventsOfTheFailureThatStays()
    {
        var store = new HookedStore();
        var scenario = new Scenario(options => options.RecoveryThrottle.FreeFailures = 1, store);
        var (_, codes) = await scenario.EnrollAsync();
        var writes = 0;
        store.OnWrite = write => ++writes == 1 ? write() : new(false);

        var result = await scenario.VerifyAsync(codes!.Reveal()[0]);

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.Equal(1, (await scenario.RecordAsync()).RecoveryThrottle.UnknownDevices.Failures);
        Assert.Contains(scenario.Events, e => e.Kind == MfaEventKind.ThrottlingStarted);
    }
}
