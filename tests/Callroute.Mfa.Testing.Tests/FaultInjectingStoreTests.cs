using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests;

public sealed class FaultInjectingStoreTests
{
    private static readonly MfaSubject User = new("user-1");

    private readonly IMfaStore _inner = new InMemoryMfaStore();
    private readonly FaultInjectingStore _store;
    private readonly Guid _first = Guid.NewGuid();
    private readonly Guid _second = Guid.NewGuid();

    public FaultInjectingStoreTests() => _store = FaultInjectingStore.Around(_inner);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Cases => [.. StoreConformance.Cases.Select(c => c.Name)];

    private async Task<bool> WriteAsync(Guid version, Guid? expected = null) =>
        await _store.TryWriteAsync(User, "{}"u8.ToArray(), version, expected, Token);

    private async Task<Guid?> FindAsync() => (await _store.FindAsync(User, Token))?.Version;

    private async Task<Guid?> StoredAsync() => (await _inner.FindAsync(User, Token))?.Version;

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Store_NothingArmed_KeepsEveryPromise(string name) =>
        StoreConformance.Find(name).RunAsync(_ => new(_store), Token);

    [Theory]
    [InlineData(StoreFault.ThrowBefore, typeof(IOException), false)]
    [InlineData(StoreFault.ThrowAfterCommit, typeof(IOException), true)]
    [InlineData(StoreFault.TimeOutAfterCommit, typeof(TimeoutException), true)]
    public async Task Call_Fault_ThrowsBeforeOrAfterTheChange(StoreFault fault, Type exception, bool isDone)
    {
        await AssertThrowsAsync(async () => await FindAsync());
        await AssertThrowsAsync(async () => await WriteAsync(_first));
        Assert.Equal(isDone ? _first : null, await StoredAsync());
        await WriteAsync(_first);
        await AssertThrowsAsync(async () => await _store.TryDeleteAsync(User, _first, Token));
        Assert.Equal(isDone ? null : _first, await StoredAsync());

        async Task AssertThrowsAsync(Func<Task> call)
        {
            _store.Arm(fault, 1);
            await Assert.ThrowsAsync(exception, call);
            Assert.True(_store.HasFired);
        }
    }

    [Fact]
    public async Task FindAsync_StaleRead_IsFromBeforeTheLastChange()
    {
        await WriteAsync(_first);
        await WriteAsync(_second, _first);
        _store.Arm(StoreFault.StaleRead, 1);

        Assert.Equal(_first, await FindAsync());
        Assert.Equal(_second, await FindAsync());
    }

    [Fact]
    public async Task FindAsync_StaleReadAfterADelete_IsTheDeleted()
    {
        await WriteAsync(_first);
        await _store.TryDeleteAsync(User, _first, Token);
        _store.Arm(StoreFault.StaleRead, 1);

        Assert.Equal(_first, await FindAsync());
    }

    [Fact]
    public async Task FindAsync_StaleReadOfWhatWasNeverSeen_IsNothing()
    {
        await _inner.TryWriteAsync(User, "{}"u8.ToArray(), _first, null, Token);
        _store.Arm(StoreFault.StaleRead, 1);

        Assert.Null(await FindAsync());
        Assert.Equal(_first, await FindAsync());
    }

    [Fact]
    public async Task TryWriteAsync_StaleReadArmed_PassesByAndTheNextReadIsStale()
    {
        await WriteAsync(_first);
        _store.Arm(StoreFault.StaleRead, 1);

        Assert.True(await WriteAsync(_second, _first));
        Assert.False(_store.HasFired);
        Assert.Equal(_first, await FindAsync());
    }

    [Fact]
    public async Task TryWriteAsync_DuplicateDelivery_WinsAndReturnsTheSecondAnswer()
    {
        _store.Arm(StoreFault.DuplicateDelivery, 1);

        Assert.False(await WriteAsync(_first));
        Assert.Equal(_first, await StoredAsync());
    }

    [Fact]
    public async Task TryWriteAsync_LateDelivery_IsWrittenAfterTheNextCall()
    {
        _store.Arm(StoreFault.LateDelivery, 1);
        await Assert.ThrowsAsync<TimeoutException>(() => WriteAsync(_first));

        Assert.Null(await FindAsync());
        Assert.Equal(_first, await FindAsync());
    }

    [Fact]
    public async Task TryWriteAsync_LateDeliveryOvertaken_IsLost()
    {
        _store.Arm(StoreFault.LateDelivery, 1);
        await Assert.ThrowsAsync<TimeoutException>(() => WriteAsync(_first));

        Assert.True(await WriteAsync(_second));
        Assert.Equal(_second, await FindAsync());
    }

    [Fact]
    public async Task Arm_ThirdCall_FailsThereAndOnlyOnce()
    {
        await FindAsync();
        _store.Arm(StoreFault.ThrowBefore, 3);

        await WriteAsync(_first);
        await FindAsync();
        await Assert.ThrowsAsync<IOException>(async () => await _store.TryDeleteAsync(User, _first, Token));
        Assert.True(await _store.TryDeleteAsync(User, _first, Token));
        Assert.Equal(4, _store.Calls);
    }

    [Fact]
    public async Task Arm_ManyCallsAtOnce_FailsOne()
    {
        _store.Arm(StoreFault.ThrowBefore, 50);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => Task.Run(async () => await Record.ExceptionAsync(FindAsync), Token)));

        Assert.Single(answers, exception => exception is not null);
        Assert.Equal(100, _store.Calls);
    }

    [Fact]
    public async Task Disarm_BeforeTheCall_LetsItPass()
    {
        _store.Arm(StoreFault.ThrowBefore, 1);

        _store.Disarm();

        Assert.True(await WriteAsync(_first));
        Assert.False(_store.HasFired);
    }

    [Fact]
    public void Arm_OutOfRange_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("atCall", () => _store.Arm(StoreFault.ThrowBefore, 0));
        Assert.Throws<ArgumentOutOfRangeException>("fault", () => _store.Arm((StoreFault)99, 1));
    }

    [Fact]
    public void Around_StoreThatCannotList_CannotList()
    {
        Assert.IsNotAssignableFrom<IMfaStoreScan>(FaultInjectingStore.Around(new UnlistedStore()));
        Assert.IsAssignableFrom<IMfaStoreScan>(_store);
    }

    private sealed class UnlistedStore : IMfaStore
    {
        public ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) => default;

        public ValueTask<bool> TryWriteAsync(
            MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken token = default) =>
            default;

        public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) => default;
    }
}
