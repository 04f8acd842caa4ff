using System.Threading.Channels;
using Callroute.Mfa.Recovery;
using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.Core.Tests.Recovery;

public class RecoveryHashPermitTests
{
    private static readonly byte[] Input = [1, 2, 3];
    private const string Settings = "settings";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HashAsync_ManyAttempts_NeverRunsMoreThanTheGateLetsIn()
    {
        var gate = Gate(concurrency: 2, queueLength: 10);
        var hasher = new ControlledHasher();

        var attempts = Enumerable.Range(0, 12).Select(_ => HashOnceAsync(hasher, gate)).ToArray();
        for (var run = 0; run < attempts.Length; run++)
        {
            (await hasher.NextRunAsync()).Finish();
        }

        await Task.WhenAll(attempts);
        Assert.Equal(2, hasher.MostRunning);
        Assert.Equal(12, hasher.Runs);
    }

    [Fact]
    public async Task HashAsync_OneCall_RunsOnceWithWhatWasGiven()
    {
        var gate = Gate(concurrency: 1, queueLength: 0);
        var hasher = new ControlledHasher();
        using var permit = await EnterAsync(hasher, gate);

        var hash = permit.HashAsync(Input, Settings);

        var run = await hasher.NextRunAsync();
        Assert.Same(Input, run.Input);
        Assert.Equal(Settings, run.Settings);
        Assert.Equal(1, hasher.Runs);
        Assert.Same(run.Finish(), await hash);
    }

    [Fact]
    public async Task HashAsync_OneAfterTheOther_RunsWithOnePermit()
    {
        var gate = Gate(concurrency: 1, queueLength: 0);
        var hasher = new ControlledHasher();
        using var permit = await EnterAsync(hasher, gate);

        await HashAsync(hasher, permit);
        await HashAsync(hasher, permit);

        Assert.Equal(2, hasher.Runs);
    }

    [Fact]
    public async Task HashAsync_WhileAnotherRuns_Refuses()
    {
        var gate = Gate(concurrency: 1, queueLength: 0);
        var hasher = new ControlledHasher();
        using var permit = await EnterAsync(hasher, gate);
        var first = permit.HashAsync(Input, Settings);

        await Assert.ThrowsAsync<InvalidOperationException>(() => permit.HashAsync(Input, Settings).AsTask());

        (await hasher.NextRunAsync()).Finish();
        await first;
        Assert.Equal(1, hasher.Runs);
    }

    [Fact]
    public async Task HashAsync_AfterDispose_Throws()
    {
        var gate = Gate(concurrency: 1, queueLength: 0);
        var hasher = new ControlledHasher();
        var permit = await EnterAsync(hasher, gate);

        permit.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => permit.HashAsync(Input, Settings).AsTask());
        Assert.Equal(0, hasher.Runs);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(65)]
    public async Task HashAsync_TagOfAnotherSize_Throws(int size)
    {
        var gate = Gate(concurrency: 1, queueLength: 0);
        var hasher = new ControlledHasher();
        using var permit = await EnterAsync(hasher, gate);
        var hash = permit.HashAsync(Input, Settings).AsTask();

        (await hasher.NextRunAsync()).Finish(size);

        await Assert.ThrowsAsync<InvalidOperationException>(() => hash);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(64)]
    public async Task HashAsync_TagAtTheBounds_IsTaken(int size)
    {
        var gate = Gate(concurrency: 1, queueLength: 0);
        var hasher = new ControlledHasher();
        using var permit = await EnterAsync(hasher, gate);
        var hash = permit.HashAsync(Input, Settings);

        var tag = (await hasher.NextRunAsync()).Finish(size);

        Assert.Same(tag, await hash);
    }

    [Fact]
    public async Task HashAsync_Failed_ThrowsAndThePlaceCanBeGivenBack()
    {
        var gate = Gate(concurrency: 1, queueLength: 0);
        var hasher = new ControlledHasher();
        var permit = await EnterAsync(hasher, gate);
        var hash = permit.HashAsync(Input, Settings).AsTask();

        (await hasher.NextRunAsync()).Fail();

        await Assert.ThrowsAsync<NotSupportedException>(() => hash);
        permit.Dispose();
        Assert.True(await gate.TryEnterAsync(Cancellation));
    }

    [Fact]
    public async Task Dispose_WhileAHashRuns_KeepsThePlaceUntilItEnds()
    {
        var gate = Gate(concurrency: 1, queueLength: 0);
        var hasher = new ControlledHasher();
        var permit = await EnterAsync(hasher, gate);
        var hash = permit.HashAsync(Input, Settings);
        var run = await hasher.NextRunAsync();

        permit.Dispose();
        var isFreeEarly = await gate.TryEnterAsync(Cancellation);
        run.Finish();
        await hash;

        Assert.False(isFreeEarly);
        Assert.True(await gate.TryEnterAsync(Cancellation));
    }

    [Fact]
    public async Task Dispose_Twice_GivesBackOnce()
    {
        var gate = Gate(concurrency: 1, queueLength: 0);
        var permit = await EnterAsync(new ControlledHasher(), gate);

        permit.Dispose();
        permit.Dispose();

        Assert.True(await gate.TryEnterAsync(Cancellation));
        Assert.False(await gate.TryEnterAsync(Cancellation));
    }

    [Fact]
    public async Task Dispose_DuringAndAfterAHash_GivesBackOnce()
    {
        var gate = Gate(concurrency: 1, queueLength: 0);
        var hasher = new ControlledHasher();
        var permit = await EnterAsync(hasher, gate);
        var hash = permit.HashAsync(Input, Settings);
        permit.Dispose();
        (await hasher.NextRunAsync()).Finish();
        await hash;

        permit.Dispose();

        Assert.True(await gate.TryEnterAsync(Cancellation));
        Assert.False(await gate.TryEnterAsync(Cancellation));
    }

    private static RecoveryHashGate Gate(int concurrency, int queueLength) =>
        new(concurrency, queueLength, TimeSpan.FromMinutes(1), new FakeTimeProvider());

    private static async Task<RecoveryHashPermit> EnterAsync(ControlledHasher hasher, RecoveryHashGate gate)
    {
        Assert.True(await gate.TryEnterAsync(Cancellation));
        return new RecoveryHashPermit(hasher, gate);
    }

    private static async Task HashOnceAsync(ControlledHasher hasher, RecoveryHashGate gate)
    {
        using var permit = await EnterAsync(hasher, gate);
        await permit.HashAsync(Input, Settings);
    }

    private static async Task HashAsync(ControlledHasher hasher, RecoveryHashPermit permit)
    {
        var hash = permit.HashAsync(Input, Settings);
        (await hasher.NextRunAsync()).Finish();
        await hash;
    }

    /// <summary>A run that the test ends.</summary>
    private sealed class Run(byte[] input, string settings)
    {
        private readonly TaskCompletionSource<byte[]> _tag = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public byte[] Input { get; } = input;

        public string Settings { get; } = settings;

        public Task<byte[]> Tag => _tag.Task;

        public byte[] Finish(int size = 32)
        {
            var tag = new byte[size];
            _tag.SetResult(tag);
            return tag;
        }

        public void Fail() => _tag.SetException(new NotSupportedException());
    }

    private sealed class ControlledHasher : IRecoveryCodeHasher
    {
        private readonly Channel<Run> _runs = Channel.CreateUnbounded<Run>();
        private readonly Lock _lock = new();
        private int _running;

        public int Runs { get; private set; }

        public int MostRunning { get; private set; }

        public ValueTask<Run> NextRunAsync() => _runs.Reader.ReadAsync(Cancellation);

        public string CreateSettings() => RecoveryHashPermitTests.Settings;

        public async Task<byte[]> HashAsync(byte[] input, string settings)
        {
            var run = new Run(input, settings);
            lock (_lock)
            {
                Runs++;
                MostRunning = Math.Max(MostRunning, ++_running);
            }

            await _runs.Writer.WriteAsync(run, Cancellation);
            var tag = await run.Tag;
            lock (_lock)
            {
                _running--;
            }

            return tag;
        }
    }
}
