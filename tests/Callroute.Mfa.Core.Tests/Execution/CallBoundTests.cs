using System.Collections.Concurrent;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Core.Tests.Execution;

/// <summary>The bound on the time that a caller waits for the service.</summary>
public sealed class CallBoundTests
{
    private static readonly TimeSpan Bound = new MfaOptions().CallTimeout;

    private readonly HookedStore _store = new();
    private readonly Scenario _scenario;

    public CallBoundTests() => _scenario = new Scenario(store: _store);

    [Fact]
    public async Task VerifyAsync_WriteHangs_AnswersUnavailableAndTheAnswerWhenTheAttemptIsSentAgain()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var (attempt, code, events, hang) = (AttemptId.Create(), phone.GetCode(), _scenario.Events.Count, Hang());

        var late = _scenario.VerifyAsync(code, attempt);
        _scenario.Clock.Advance(Bound);
        var result = await late;

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.IsType<TimeoutException>(result.Cause);
        Assert.Equal(events, _scenario.Events.Count);
        Release(hang);
        Assert.Equal(events + 1, _scenario.Events.Count);
        Assert.True((await _scenario.VerifyAsync(code, attempt)).Succeeded);
    }

    [Fact]
    public async Task VerifyAsync_RecoveryHangs_AnswersUnavailableAndTheCodesWhenTheAttemptIsSentAgain()
    {
        var code = (await _scenario.EnrollAsync()).Codes!.Reveal()[0];
        var (attempt, hang) = (AttemptId.Create(), Hang());

        var late = _scenario.VerifyAsync(code, attempt);
        _scenario.Clock.Advance(Bound);

        Assert.Equal(RefusalReason.Unavailable, (await late).Reason);
        Release(hang);
        Assert.Single((await _scenario.VerifyAsync(code, attempt)).ReplacementRecoveryCodes!.Reveal());
    }

    [Fact]
    public async Task ConfirmEnrollmentAsync_WriteHangs_AnswersUnavailableAndTheCodesWhenSentAgain()
    {
        var (offer, phone) = await _scenario.BeginAndScanAsync();
        var (code, hang) = (phone.GetCode(), Hang());

        var late = _scenario.ConfirmAsync(offer, code);
        _scenario.Clock.Advance(Bound);

        Assert.Equal(MfaChangeOutcome.Unavailable, (await late).Outcome);
        Release(hang);
        Assert.Single((await _scenario.ConfirmAsync(offer, code)).RecoveryCodes!.Reveal());
    }

    [Fact]
    public async Task VerifyAsync_WhileALateCallRuns_AnswersUnavailableAtOnceForThisSubjectOnly()
    {
        var (phone, _) = await _scenario.EnrollAsync();
        var hang = Hang();
        var late = _scenario.VerifyAsync(phone.GetCode());
        _scenario.Clock.Advance(Bound);
        await late;
        var reads = 0;
        _store.OnFind = (_, stored) =>
        {
            reads++;
            return stored;
        };

        var second = await _scenario.VerifyAsync(phone.GetCode());
        var readsOfSecond = reads;
        var other = await _scenario.Mfa.GetStatusAsync(new MfaSubject("user-2"), Scenario.Token);

        Assert.Equal((RefusalReason.Unavailable, 0), (second.Reason, readsOfSecond));
        Assert.False(other.IsEnabled);
        Release(hang);
        Assert.Equal(RefusalReason.Replayed, (await _scenario.VerifyAsync(phone.GetCode())).Reason);
    }

    [Fact]
    public async Task Calls_ReadHangs_EndAndAreCancelled()
    {
        // One subject for each call, because the cancelled read of the call before may still be ending.
        var scenario = new Scenario(store: new HangingStore());
        MfaSubject[] users = [new("a"), new("b"), new("c"), new("d")];

        var verified = await WaitAsync(scenario, m => m.VerifyAsync(users[0], "123456", AttemptId.Create()));
        var begun = await WaitAsync(scenario, m => m.BeginEnrollmentAsync(users[1], "alice"));
        var required = await WaitAsync(scenario, m => m.GetSignInRequirementAsync(users[2], MfaPolicy.Optional, isEnrolled: false));

        Assert.Equal(
            (RefusalReason.Unavailable, MfaChangeOutcome.Unavailable, SignInRequirement.Unavailable),
            (verified.Reason, begun.Outcome, required));
        await Assert.ThrowsAsync<TimeoutException>(() => WaitAsync(scenario, m => m.GetStatusAsync(users[3])));
    }

    [Fact]
    public async Task Calls_DriverBlocksTheThreadThatCancels_BlockOneThreadAtATime()
    {
        var store = new HangingStore { CancelBlocksFor = TimeSpan.FromMilliseconds(50) };
        var scenario = new Scenario(store: store);
        MfaSubject[] users = [new("a"), new("b"), new("c")];

        // Advance once: a later advance would also end the longest wait for the thread that is blocked.
        var calls = Array.ConvertAll(users, user => scenario.Mfa.BeginEnrollmentAsync(user, "alice").AsTask());
        scenario.Clock.Advance(Bound);
        await Task.WhenAll(calls);

        await Task.WhenAll(store.Cancelled);
        Assert.Equal(1, store.MostAtOnce);
    }

    private static async Task<T> WaitAsync<T>(Scenario scenario, Func<MfaService, ValueTask<T>> call)
    {
        var waiting = call(scenario.Mfa).AsTask();
        Assert.False(waiting.IsCompleted);
        scenario.Clock.Advance(Bound);
        return await waiting;
    }

    /// <summary>From now on, writes take effect but do not return.</summary>
    private TaskCompletionSource Hang()
    {
        var hang = new TaskCompletionSource();
        _store.OnWrite = async write =>
        {
            var isWritten = await write();
            await hang.Task;
            return isWritten;
        };
        return hang;
    }

    private void Release(TaskCompletionSource hang)
    {
        _store.OnWrite = null;
        hang.SetResult();
    }

    /// <summary>A store that answers no read before it is cancelled.</summary>
    private sealed class HangingStore : IMfaStore
    {
        private readonly ConcurrentBag<TaskCompletionSource> _cancelled = [];
        private int _atOnce;

        public TimeSpan CancelBlocksFor { get; init; }

        public int MostAtOnce { get; private set; }

        /// <summary>One task for each read. It ends when the read is cancelled.</summary>
        public IEnumerable<Task> Cancelled => _cancelled.Select(read => read.Task);

        public async ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken)
        {
            var cancelled = new TaskCompletionSource();
            _cancelled.Add(cancelled);
            await using (cancellationToken.Register(() => Cancel(cancelled)))
            {
                await cancelled.Task;
            }

            throw new OperationCanceledException(cancellationToken);
        }

        public ValueTask<bool> TryWriteAsync(
            MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        private void Cancel(TaskCompletionSource cancelled)
        {
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _atOnce));
            Thread.Sleep(CancelBlocksFor);
            Interlocked.Decrement(ref _atOnce);
            cancelled.SetResult();
        }
    }
}
