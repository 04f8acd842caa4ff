using Callroute.Mfa.Recovery;
using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.Core.Tests.Recovery;

public class RecoveryHashGateTests
{
    private static readonly TimeSpan MaximumWait = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void For_Bounds_GivesOneGateForEqualOnes()
    {
        RecoveryOptions[] others =
        [
            new() { HashConcurrency = 11 }, new() { HashQueueLength = 11 }, new() { MaximumHashWait = TimeSpan.Zero },
        ];
        var gate = RecoveryHashGate.For(new RecoveryOptions());

        Assert.Same(gate, RecoveryHashGate.For(new RecoveryOptions { Count = 10 }));
        Assert.All(others, other => Assert.NotSame(gate, RecoveryHashGate.For(other)));
    }

    [Fact]
    public async Task For_Bounds_AreThoseOfTheGate()
    {
        var gate = RecoveryHashGate.For(new RecoveryOptions { HashConcurrency = 2, HashQueueLength = 1, MaximumHashWait = TimeSpan.Zero });

        Assert.Equal([true, true, false], await EnterAsync(gate, times: 3));
        gate.Leave();
        gate.Leave();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task TryEnterAsync_QueueFull_IsTurnedAwayAtOnceAndTheWaitingEnterInTurn(int queueLength)
    {
        var gate = Gate(concurrency: 1, queueLength);
        await gate.TryEnterAsync();
        var waiting = Enumerable.Range(0, queueLength).Select(_ => gate.TryEnterAsync().AsTask()).ToArray();

        var entry = gate.TryEnterAsync();

        Assert.True(entry.IsCompleted);
        Assert.False(await entry);
        foreach (var next in waiting)
        {
            Assert.False(next.IsCompleted);
            gate.Leave();
            Assert.True(await next);
        }
    }

    [Fact]
    public async Task TryEnterAsync_WaitOver_IsTurnedAwayAndLeavesTheQueue()
    {
        var gate = Gate(concurrency: 1, queueLength: 1);
        await gate.TryEnterAsync();
        var waiting = gate.TryEnterAsync();
        _clock.Advance(MaximumWait - TimeSpan.FromTicks(1));
        var isOverEarly = waiting.IsCompleted;

        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.False(isOverEarly);
        Assert.False(await waiting);
        var next = gate.TryEnterAsync();
        gate.Leave();
        Assert.True(await next);
    }

    [Fact]
    public async Task Leave_ManyTimesOver_NeverLosesOrGainsAPlace()
    {
        var gate = Gate(concurrency: 3, queueLength: 0);
        for (var round = 0; round < 1000; round++)
        {
            Assert.True(await gate.TryEnterAsync());
            gate.Leave();
        }

        Assert.Equal([true, true, true, false], await EnterAsync(gate, times: 4));
    }

    private static async Task<List<bool>> EnterAsync(RecoveryHashGate gate, int times)
    {
        List<bool> entries = [];
        while (entries.Count < times)
        {
            entries.Add(await gate.TryEnterAsync());
        }

        return entries;
    }

    [Fact]
    public async Task Leave_MoreThanEntered_DoesNotWidenTheGate()
    {
        var gate = Gate(concurrency: 1, queueLength: 0);
        Assert.ThrowsAny<Exception>(gate.Leave);

        Assert.True(await gate.TryEnterAsync());
        Assert.False(await gate.TryEnterAsync());
    }

    [Fact]
    public async Task TryTakeTurnAsync_SubjectWithATurn_WaitsWhileOthersDoNot()
    {
        var gate = Gate(concurrency: 1, queueLength: 0);
        var (alice, turn) = (new MfaSubject("alice"), await gate.TryTakeTurnAsync(new("alice")));

        Task<IDisposable?>[] waiting = [.. Enumerable.Range(0, 3).Select(_ => gate.TryTakeTurnAsync(alice).AsTask())];
        var other = await gate.TryTakeTurnAsync(new MfaSubject("alice", "tenant"));
        var areWaiting = waiting.All(it => !it.IsCompleted);
        turn!.Dispose();
        var next = await Task.WhenAny(waiting);
        var leftWaiting = waiting.Count(it => !it.IsCompleted);
        _clock.Advance(MaximumWait);

        Assert.NotNull(other);
        Assert.NotNull(await next);
        Assert.Equal((true, 2), (areWaiting, leftWaiting));
        Assert.Equal(2, (await Task.WhenAll(waiting)).Count(it => it is null));
    }

    private RecoveryHashGate Gate(int concurrency, int queueLength) => new(concurrency, queueLength, MaximumWait, _clock);
}
