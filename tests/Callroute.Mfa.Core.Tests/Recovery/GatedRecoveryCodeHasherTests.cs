using System.Threading.Channels;
using Callroute.Mfa.Recovery;
using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.Core.Tests.Recovery;

public class GatedRecoveryCodeHasherTests
{
    private static readonly byte[] Input = [1, 2, 3];
    private static readonly byte[] Salt = new byte[16];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Constructor_NoParameters_TakesTheDefaults()
    {
        var hasher = new ControlledHasher(gate: null);

        Assert.Same(Argon2Parameters.Default, hasher.Parameters);
    }

    [Fact]
    public async Task Constructor_NoGate_TakesTheShared()
    {
        var hasher = new ControlledHasher(gate: null);
        for (var place = 0; place < RecoveryHashGate.Shared.Concurrency; place++)
        {
            Assert.True(await RecoveryHashGate.Shared.TryEnterAsync(Cancellation));
        }

        var entry = hasher.TryEnterAsync(Cancellation);
        var isWaiting = !entry.IsCompleted;
        for (var place = 0; place < RecoveryHashGate.Shared.Concurrency; place++)
        {
            RecoveryHashGate.Shared.Leave();
        }

        using var permit = await entry;
        Assert.True(isWaiting);
        Assert.NotNull(permit);
    }

    [Fact]
    public async Task HashAsync_ManyAttempts_NeverRunsMoreThanTheGateLetsIn()
    {
        var gate = Gate(concurrency: 2, queueLength: 10);
        var hasher = new ControlledHasher(gate);

        var attempts = Enumerable.Range(0, 12).Select(_ => HashOnceAsync(hasher)).ToArray();
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
        var hasher = new ControlledHasher(gate);
        var parameters = new Argon2Parameters(64, 1, 1);
        using var permit = await EnterAsync(hasher);

        var hash = permit.HashAsync(Input, Salt, parameters);

        var run = await hasher.NextRunAsync();
        Assert.Equal(Input, run.Input);
        Assert.Equal(Salt, run.Salt);
        Assert.Same(parameters, run.Parameters);
        Assert.Equal(1, hasher.Runs);
        Assert.Same(run.Finish(), await hash);
    }

    [Fact]
    public async Task HashAsync_Ended_WipesItsCopyAndNotTheCallersBytes()
    {
        var gate = Gate(concurrency: 1, queueLength: 0);
        var hasher = new ControlledHasher(gate);
        using var permit = await EnterAsync(hasher);
        byte[] input = [1, 2, 3];
        var hash = permit.HashAsync(input, Salt, hasher.Parameters);
        var run = await hasher.NextRunAsync();

        run.Finish();
        await hash;

        Assert.Equal([0, 0, 0], run.Input);
        Assert.Equal([1, 2, 3], input);
    }

    [Fact]
    public async Task HashAsync_OneAfterTheOther_RunsWithOnePermit()
    {
        var gate = Gate(concurrency: 1, queueLength: 0);
        var hasher = new ControlledHasher(gate);
        using var permit = await EnterAsync(hasher);

        await HashAsync(hasher, permit);
        await HashAsync(hasher, permit);

        Assert.Equal(2, hasher.Runs);
    }

    [Fact]
    public async Task HashAsync_WhileAnotherRuns_Refuses()
    {
        var gate = Gate(concurrency: 1, queueLength: 0);
        var hasher = new ControlledHasher(gate);
        using var permit = await EnterAsync(hasher);
        var first = permit.HashAsync(Input, Salt, hasher.Parameters);

        await Assert.ThrowsAsync<InvalidOperationException>(() => permit.HashAsync(Input, Salt, hasher.Parameters).AsTask());

        (await hasher.NextRunAsync()).Finish();
        await first;
        Assert.Equal(1, hasher.Runs);
    }

    [Fact]
    public async Task HashAsync_AfterDispose_Throws()
    {
        var gate = Gate(concurrency: 1, queueLength: 0);
        var hasher = new ControlledHasher(gate);
        var permit = await EnterAsync(hasher);

        permit.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => permit.HashAsync(Input, Salt, hasher.Parameters).AsTask());
        Assert.Equal(0, hasher.Runs);
    }

    [Theory]
    [InlineData(0, 16)]
    [InlineData(1025, 16)]
    [InlineData(1, 7)]
    [InlineData(1, 49)]
    public async Task HashAsync_WrongSizes_RefusesBeforeItRuns(int inputSize, int saltSize)
    {
        var gate = Gate(concurrency: 1, queueLength: 0);
        var hasher = new ControlledHasher(gate);
        using var permit = await EnterAsync(hasher);

        await Assert.ThrowsAsync<ArgumentException>(() => permit.HashAsync(new byte[inputSize], new byte[saltSize], hasher.Parameters).AsTask());

        Assert.Equal(0, hasher.Runs);
    }

    [Fact]
    public async Task HashAsync_Failed_ThrowsAndThePlaceCanBeGivenBack()
    {
        var gate = Gate(concurrency: 1, queueLength: 0);
        var hasher = new ControlledHasher(gate);
        var permit = await EnterAsync(hasher);
        var hash = permit.HashAsync(Input, Salt, hasher.Parameters).AsTask();

        (await hasher.NextRunAsync()).Fail();

        await Assert.ThrowsAsync<NotSupportedException>(() => hash);
        permit.Dispose();
        Assert.True(await gate.TryEnterAsync(Cancellation));
    }

    [Fact]
    public async Task Dispose_WhileAHashRuns_KeepsThePlaceUntilItEnds()
    {
        var gate = Gate(concurrency: 1, queueLength: 0);
        var hasher = new ControlledHasher(gate);
        var permit = await EnterAsync(hasher);
        var hash = permit.HashAsync(Input, Salt, hasher.Parameters);
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
        var permit = await EnterAsync(new ControlledHasher(gate));

        permit.Dispose();
        permit.Dispose();

        Assert.True(await gate.TryEnterAsync(Cancellation));
        Assert.False(await gate.TryEnterAsync(Cancellation));
    }

    [Fact]
    public async Task Dispose_DuringAndAfterAHash_GivesBackOnce()
    {
        var gate = Gate(concurrency: 1, queueLength: 0);
        var hasher = new ControlledHasher(gate);
        var permit = await EnterAsync(hasher);
        var hash = permit.HashAsync(Input, Salt, hasher.Parameters);
        permit.Dispose();
        (await hasher.NextRunAsync()).Finish();
        await hash;

        permit.Dispose();

        Assert.True(await gate.TryEnterAsync(Cancellation));
        Assert.False(await gate.TryEnterAsync(Cancellation));
    }

    [Fact]
    public async Task TryEnterAsync_QueueFull_GivesNoPermitAtOnce()
    {
        var gate = Gate(concurrency: 1, queueLength: 0);
        var hasher = new ControlledHasher(gate);
        using var permit = await EnterAsync(hasher);

        var entry = hasher.TryEnterAsync(Cancellation);

        Assert.True(entry.IsCompleted);
        Assert.Null(await entry);
    }

    [Fact]
    public async Task TryEnterAsync_WaitOver_GivesNoPermit()
    {
        var clock = new FakeTimeProvider();
        var gate = new RecoveryHashGate(1, 1, TimeSpan.FromSeconds(2), clock);
        var hasher = new ControlledHasher(gate);
        using var permit = await EnterAsync(hasher);
        var entry = hasher.TryEnterAsync(Cancellation);

        clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Null(await entry);
    }

    [Fact]
    public async Task TryEnterAsync_CancelledWhileWaiting_ThrowsAndFreesItsRoom()
    {
        var gate = Gate(concurrency: 1, queueLength: 1);
        using var cancellation = new CancellationTokenSource();
        var hasher = new ControlledHasher(gate);
        var permit = await EnterAsync(hasher);
        var cancelled = hasher.TryEnterAsync(cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        var next = hasher.TryEnterAsync(Cancellation);
        permit.Dispose();
        using var nextPermit = await next;
        Assert.NotNull(nextPermit);
    }

    private static RecoveryHashGate Gate(int concurrency, int queueLength) =>
        new(concurrency, queueLength, TimeSpan.FromMinutes(1), new FakeTimeProvider());

    private static async Task<IRecoveryHashPermit> EnterAsync(ControlledHasher hasher)
    {
        var permit = await hasher.TryEnterAsync(Cancellation);
        Assert.NotNull(permit);
        return permit;
    }

    private static async Task HashOnceAsync(ControlledHasher hasher)
    {
        using var permit = await EnterAsync(hasher);
        await permit.HashAsync(Input, Salt, hasher.Parameters);
    }

    private static async Task HashAsync(ControlledHasher hasher, IRecoveryHashPermit permit)
    {
        var hash = permit.HashAsync(Input, Salt, hasher.Parameters);
        (await hasher.NextRunAsync()).Finish();
        await hash;
    }

    /// <summary>A run that the test ends.</summary>
    private sealed class Run(byte[] input, byte[] salt, Argon2Parameters parameters)
    {
        private readonly TaskCompletionSource<byte[]> _tag = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // Input is the hasher's own array, so that a test sees it wiped; the others are compared while it runs.
        public byte[] Input { get; } = input;

        public byte[] Salt { get; } = salt;

        public Argon2Parameters Parameters { get; } = parameters;

        public Task<byte[]> Tag => _tag.Task;

        public byte[] Finish()
        {
            var tag = new byte[32];
            _tag.SetResult(tag);
            return tag;
        }

        public void Fail() => _tag.SetException(new NotSupportedException());
    }

    private sealed class ControlledHasher(RecoveryHashGate? gate) : GatedRecoveryCodeHasher(parameters: null, gate)
    {
        private readonly Channel<Run> _runs = Channel.CreateUnbounded<Run>();
        private readonly Lock _lock = new();
        private int _running;

        public int Runs { get; private set; }

        public int MostRunning { get; private set; }

        public ValueTask<Run> NextRunAsync() => _runs.Reader.ReadAsync(Cancellation);

        protected override async Task<byte[]> ComputeAsync(byte[] input, byte[] salt, Argon2Parameters parameters)
        {
            var run = new Run(input, salt, parameters);
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
