using System.Security.Cryptography;
using System.Text;
using Callroute.Mfa.Recovery;
using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.Core.Tests.Recovery;

public class RecoveryHashPermitTests
{
    private const string Settings = "settings";

    private static readonly byte[] Input = [1, 2, 3];

    private readonly RecoveryHashGate _gate = Gate(concurrency: 1, queueLength: 0);

    // The gate tests show that each place that gets free lets one in.
    [Fact]
    public async Task HashAsync_ManyAttempts_NeverRunsMoreThanTheGateLetsIn()
    {
        var (gate, end) = (Gate(concurrency: 2, queueLength: 10), new TaskCompletionSource());
        var hasher = new ProbeHasher { Barrier = end.Task };

        var attempts = Enumerable.Range(0, 12).Select(_ => HashOnceAsync(hasher, gate)).ToArray();
        var running = hasher.Runs;
        end.SetResult();
        await Task.WhenAll(attempts);

        Assert.Equal((2, 12), (running, hasher.Runs));
    }

    [Fact]
    public async Task HashAsync_OneCall_RunsOnceWithWhatWasGiven()
    {
        var hasher = new ProbeHasher();
        using var permit = await EnterAsync(hasher, _gate);

        var tag = await permit.HashAsync(Input, Settings);

        Assert.Same(Input, Assert.Single(hasher.Inputs));
        Assert.Equal(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Settings), Input), tag);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(15, false)]
    [InlineData(16, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public async Task HashAsync_SizeOfTheTag_MustBe16To64(int size, bool accepted)
    {
        using var permit = await EnterAsync(new ProbeHasher { Tag = new byte[size] }, _gate);

        var exception = await Record.ExceptionAsync(() => permit.HashAsync(Input, Settings).AsTask());

        Assert.Equal(accepted ? null : typeof(InvalidOperationException), exception?.GetType());
    }

    [Fact]
    public async Task HashAsync_Failed_ThrowsAndThePlaceCanBeGivenBack()
    {
        var permit = await EnterAsync(new ProbeHasher { Barrier = Task.FromException(new NotSupportedException()) }, _gate);

        await Assert.ThrowsAsync<NotSupportedException>(() => permit.HashAsync(Input, Settings).AsTask());

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
        var hasher = new ProbeHasher();
        using var permit = await EnterAsync(hasher, _gate);

        var exception = await Record.ExceptionAsync(() => permit.HashAsync(Input, new string('s', length)).AsTask());

        Assert.Equal(accepted ? null : typeof(NotSupportedException), exception?.GetType());
        Assert.Equal(accepted ? 1 : 0, hasher.Runs);
    }

    private static RecoveryHashGate Gate(int concurrency, int queueLength) =>
        new(concurrency, queueLength, TimeSpan.FromMinutes(1), new FakeTimeProvider());

    private static async Task<RecoveryHashPermit> EnterAsync(ProbeHasher hasher, RecoveryHashGate gate)
    {
        Assert.True(await gate.TryEnterAsync());
        return new RecoveryHashPermit(hasher, gate);
    }

    private static async Task HashOnceAsync(ProbeHasher hasher, RecoveryHashGate gate)
    {
        using var permit = await EnterAsync(hasher, gate);
        await permit.HashAsync(Input, Settings);
    }
}
