using Callroute.Mfa.Recovery;
using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.Core.Tests.Recovery;

public class RecoveryHashGateTests
{
    private static readonly TimeSpan MaximumWait = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void For_EqualBounds_IsOneGate()
    {
        var bounds = new RecoveryOptions { HashConcurrency = 3, HashQueueLength = 5, MaximumHashWait = TimeSpan.FromSeconds(7) };

        Assert.Same(RecoveryHashGate.For(bounds), RecoveryHashGate.For(new() { HashConcurrency = 3, HashQueueLength = 5, MaximumHashWait = TimeSpan.FromSeconds(7), Count = 10 }));
    }

    [Fact]
    public void For_OtherBounds_IsAnotherGate()
    {
        var bounds = new RecoveryOptions();
        RecoveryOptions[] others =
        [
            new() { HashConcurrency = 11 }, new() { HashQueueLength = 11 }, new() { MaximumHashWait = TimeSpan.FromSeconds(11) },
        ];

        Assert.All(others, other => Assert.NotSame(RecoveryHashGate.For(bounds), RecoveryHashGate.For(other)));
    }

    [Fact]
    public async Task For_Bounds_AreThoseOfTheGate()
    {
        var gate = RecoveryHashGate.For(new RecoveryOptions { HashConcurrency = 2, HashQueueLength = 1, MaximumHashWait = TimeSpan.Zero });
        bool[] entries = [await gate.TryEnterAsync(Cancellation), await gate.TryEnterAsync(Cancellation), await gate.TryEnterAsync(Cancellation)];

        Assert.Equal([true, true, false], entries);
        gate.Leave();
        gate.Leave();
    }

    [Fact]
    public async Task TryEnterAsync_PlacesFree_EntersAtOnce()
    {
        var gate = Gate(concurrency: 2, queueLength: 0);

        var first = gate.TryEnterAsync(Cancellation);
        var second = gate.TryEnterAsync(Cancellation);

        Assert.True(first.IsCompleted && second.IsCompleted);
        Assert.True(await first && await second);
    }

    [Fact]
    public async Task TryEnterAsync_NoQueue_IsTurnedAwayAtOnce()
    {
        var gate = Gate(concurrency: 1, queueLength: 0);
        await gate.TryEnterAsync(Cancellation);

        var entry = gate.TryEnterAsync(Cancellation);

        Assert.True(entry.IsCompleted);
        Assert.False(await entry);
    }

    [Fact]
    public async Task TryEnterAsync_QueueFull_IsTurnedAwayAtOnce()
    {
        var gate = Gate(concurrency: 1, queueLength: 2);
        await gate.TryEnterAsync(Cancellation);
        Task<bool>[] waiting = [gate.TryEnterAsync(Cancellation).AsTask(), gate.TryEnterAsync(Cancellation).AsTask()];

        var entry = gate.TryEnterAsync(Cancellation);

        Assert.True(entry.IsCompleted);
        Assert.False(await entry);
        Assert.All(waiting, task => Assert.False(task.IsCompleted));
    }

    [Fact]
    public async Task TryEnterAsync_PlaceGivenBack_LetsTheWaitingIn()
    {
        var gate = Gate(concurrency: 1, queueLength: 1);
        await gate.TryEnterAsync(Cancellation);
        var waiting = gate.TryEnterAsync(Cancellation);

        gate.Leave();

        Assert.True(await waiting);
    }

    [Fact]
    public async Task TryEnterAsync_WaitOver_IsTurnedAway()
    {
        var gate = Gate(concurrency: 1, queueLength: 1);
        await gate.TryEnterAsync(Cancellation);
        var waiting = gate.TryEnterAsync(Cancellation);
        _clock.Advance(MaximumWait - TimeSpan.FromTicks(1));
        var isOverEarly = waiting.IsCompleted;

        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.False(isOverEarly);
        Assert.False(await waiting);
    }

    [Fact]
    public async Task TryEnterAsync_WaitOfZero_IsTurnedAway()
    {
        var gate = new RecoveryHashGate(1, 1, TimeSpan.Zero, _clock);
        await gate.TryEnterAsync(Cancellation);

        Assert.False(await gate.TryEnterAsync(Cancellation));
    }

    [Fact]
    public async Task TryEnterAsync_AfterAWaitThatWasOver_TheQueueHasRoomAgain()
    {
        var gate = Gate(concurrency: 1, queueLength: 1);
        await gate.TryEnterAsync(Cancellation);
        var first = gate.TryEnterAsync(Cancellation);
        _clock.Advance(MaximumWait);
        await first;

        var second = gate.TryEnterAsync(Cancellation);
        gate.Leave();

        Assert.True(await second);
    }

    [Fact]
    public async Task TryEnterAsync_CancelledWhileWaiting_ThrowsAndFreesItsRoom()
    {
        var gate = Gate(concurrency: 1, queueLength: 1);
        using var cancellation = new CancellationTokenSource();
        await gate.TryEnterAsync(Cancellation);
        var cancelled = gate.TryEnterAsync(cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        var next = gate.TryEnterAsync(Cancellation);
        gate.Leave();
        Assert.True(await next);
    }

    [Fact]
    public async Task Leave_ManyTimesOver_NeverLosesOrGainsAPlace()
    {
        var gate = Gate(concurrency: 3, queueLength: 0);
        for (var round = 0; round < 1000; round++)
        {
            Assert.True(await gate.TryEnterAsync(Cancellation));
            gate.Leave();
        }

        bool[] entries = [await gate.TryEnterAsync(Cancellation), await gate.TryEnterAsync(Cancellation), await gate.TryEnterAsync(Cancellation), await gate.TryEnterAsync(Cancellation)];

        Assert.Equal([true, true, true, false], entries);
    }

    [Fact]
    public async Task Leave_MoreThanEntered_DoesNotWidenTheGate()
    {
        var gate = Gate(concurrency: 1, queueLength: 0);
        Assert.ThrowsAny<Exception>(gate.Leave);

        Assert.True(await gate.TryEnterAsync(Cancellation));
        Assert.False(await gate.TryEnterAsync(Cancellation));
    }

    private RecoveryHashGate Gate(int concurrency, int queueLength) => new(concurrency, queueLength, MaximumWait, _clock);
}
