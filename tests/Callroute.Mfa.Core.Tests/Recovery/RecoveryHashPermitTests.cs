using System.Threading.Channels;
using Callroute.Mfa.Recovery;
using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.Core.Tests.Recovery;

public class RecoveryHashPermitTests
{
    private const string Settings = "settings";

    private static readonly byte[] Input = [1, 2, 3];

    private readonly RecoveryHashGate _gate = Gate(concurrency: 1, queueLength: 0);
    private readonly ControlledHasher _hasher = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HashAsync_ManyAttempts_NeverRunsMoreThanTheGateLetsIn()
    {
        var gate = Gate(concurrency: 2, queueLength: 10);

        var attempts = Enumerable.Range(0, 12).Select(_ => HashOnceAsync(gate)).ToArray();
        for (var run = 0; run < attempts.Length; run++)
        {
            (await _hasher.NextRunAsync()).Finish();
        }

        await Task.WhenAll(attempts);
        Assert.Equal(2, _hasher.MostRunning);
        Assert.Equal(12, _hasher.Runs);
    }

    [Fact]
    public async Task HashAsync_OneCall_RunsOnceWithWhatWasGiven()
    {
        using var permit = await EnterAsync();

        var hash = permit.HashAsync(Input, Settings);

        var run = await _hasher.NextRunAsync();
        Assert.Same(Input, run.Input);
        Assert.Equal(Settings, run.Settings);
        Assert.Equal(1, _hasher.Runs);
        Assert.Same(run.Finish(), await hash);
    }

    [Fact]
    public async Task HashAsync_OneAfterTheOther_RunsWithOnePermit()
    {
        using var permit = await EnterAsync();

        await HashAsync(permit);
        await HashAsync(permit);

        Assert.Equal(2, _hasher.Runs);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(15, false)]
    [InlineData(16, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public async Task HashAsync_SizeOfTheTag_MustBe16To64(int size, bool accepted)
    {
        using var permit = await EnterAsync();
        var hash = permit.HashAsync(Input, Settings).AsTask();

        var tag = (await _hasher.NextRunAsync()).Finish(size);

        if (accepted)
        {
            Assert.Same(tag, await hash);
        }
        else
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => hash);
        }
    }

    [Fact]
    public async Task HashAsync_Failed_ThrowsAndThePlaceCanBeGivenBack()
    {
        var permit = await EnterAsync();
        var hash = permit.HashAsync(Input, Settings).AsTask();

        (await _hasher.NextRunAsync()).Fail();

        await Assert.ThrowsAsync<NotSupportedException>(() => hash);
        permit.Dispose();
        Assert.True(await _gate.TryEnterAsync());
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public async Task HashAsync_LengthOfTheStoredSettings_MustBe1To256(int length, bool accepted)
    {
        using var permit = await EnterAsync();

        var hash = permit.HashAsync(Input, new string('s', length)).AsTask();

        Assert.Equal(accepted ? 1 : 0, _hasher.Runs);
        if (accepted)
        {
            Assert.Same((await _hasher.NextRunAsync()).Finish(), await hash);
        }
        else
        {
            await Assert.ThrowsAsync<NotSupportedException>(() => hash);
        }
    }

    private static RecoveryHashGate Gate(int concurrency, int queueLength) =>
        new(concurrency, queueLength, TimeSpan.FromMinutes(1), new FakeTimeProvider());

    private Task<RecoveryHashPermit> EnterAsync() => EnterAsync(_gate);

    private async Task<RecoveryHashPermit> EnterAsync(RecoveryHashGate gate)
    {
        Assert.True(await gate.TryEnterAsync());
        return new RecoveryHashPermit(_hasher, gate);
    }

    private async Task HashOnceAsync(RecoveryHashGate gate)
    {
        using var permit = await EnterAsync(gate);
        await permit.HashAsync(Input, Settings);
    }

    private async Task HashAsync(RecoveryHashPermit permit)
    {
        var hash = permit.HashAsync(Input, Settings);
        (await _hasher.NextRunAsync()).Finish();
        await hash;
    }

    /// <summary>A hash run that ends when the test ends it.</summary>
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

        public bool IsCurrent(string settings) => true;

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
