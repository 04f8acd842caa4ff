using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing.Tests.Broken;
using Callroute.Mfa.Testing.Tests.Zoo;

namespace Callroute.Mfa.Testing.Tests;

public sealed class StoreConformanceTests
{
    public static TheoryData<string, string> Rejections =>
        [.. BrokenStores.All.SelectMany(broken => broken.RejectedBy.Select(name => (broken.Name, name)))];

    [Theory]
    [MemberData(nameof(Rejections))]
    public async Task RunAsync_BrokenStore_IsRejected(string broken, string name)
    {
        var exception = await Assert.ThrowsAsync<StoreConformanceException>(() => RunAsync(name, BrokenStores.Named(broken).New()));

        Assert.Equal(name, exception.CaseName);
    }

    [Fact]
    public Task RunAsync_RacyStore_IsRejectedInAtLeast99OfAHundredRuns() => SuiteTests.AssertRejectedAsync(async () =>
        await Record.ExceptionAsync(
            () => RunAsync("Replace_SixtyFourAtOnce_OneWins", BrokenStores.Named("reads, checks, and writes").New()))
            is StoreConformanceException);

    [Fact]
    public void Cases_Each_RejectABrokenStore()
    {
        var rejecting = BrokenStores.All.SelectMany(broken => broken.RejectedBy).Distinct();

        Assert.Equal(StoreConformance.Cases.Select(c => c.Name).Order(), rejecting.Order());
    }

    [Fact]
    public void Cases_Each_HaveANameOfTheirOwnAndAPromise()
    {
        Assert.Equal(StoreConformance.Cases.Count, StoreConformance.Cases.Select(c => c.Name).Distinct().Count());
        Assert.All(StoreConformance.Cases, c => Assert.EndsWith(".", c.Promise, StringComparison.Ordinal));
        Assert.All(StoreConformance.Cases, c => Assert.Equal(c.Name, c.ToString()));
    }

    [Fact]
    public void Find_UnknownName_IsRefused() =>
        Assert.Throws<ArgumentException>("name", () => StoreConformance.Find("find_nothingwritten_isnull"));

    [Fact]
    public async Task RunAsync_BrokenPromise_MessageNamesCaseAndPromise()
    {
        var tested = StoreConformance.Find("Find_NothingWritten_IsNull");

        var exception = await Assert.ThrowsAsync<StoreConformanceException>(
            () => RunAsync(tested.Name, BrokenStores.Named("finds what is not there").New()));

        Assert.Equal($"{tested.Name}: {tested.Promise} A document was found, although there should be none.", exception.Message);
    }

    [Fact]
    public async Task RunAsync_StoreThatThrows_IsRejectedWithTheCause()
    {
        var store = FaultInjectingStore.Around(new InMemoryMfaStore());
        store.Arm(StoreFault.ThrowBefore, 1);

        var exception = await Assert.ThrowsAsync<StoreConformanceException>(() => RunAsync("Create_Nothing_ReadsBack", () => store));

        Assert.IsType<IOException>(exception.InnerException);
    }

    [Fact]
    public async Task RunAsync_TokenCancelled_Throws()
    {
        var store = new InMemoryMfaStore();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => StoreConformance.Find("Create_Nothing_ReadsBack").RunAsync(_ => new(store), new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task RunAsync_DisposableStores_AreDisposedOnceEach()
    {
        var data = new InMemoryMfaStore();
        List<DisposableStore> opened = [];

        foreach (var tested in StoreConformance.Cases)
        {
            await tested.RunAsync(_ => Open(), TestContext.Current.CancellationToken);
        }

        Assert.InRange(opened.Count, StoreConformance.Cases.Count, int.MaxValue);
        Assert.All(opened, store => Assert.Equal(1, store.TimesDisposed));

        ValueTask<IMfaStore> Open()
        {
            opened.Add(new DisposableStore(data));
            return new(opened[^1]);
        }
    }

    [Fact]
    public async Task RunAsync_AllCasesAtOnceOnOneStore_KeepTheirPromises()
    {
        var store = new InMemoryMfaStore();

        await Parallel.ForEachAsync(
            StoreConformance.Cases,
            TestContext.Current.CancellationToken,
            async (tested, token) => await tested.RunAsync(_ => new(store), token));

        Assert.True(await store.Subjects(TestContext.Current.CancellationToken).AnyAsync(TestContext.Current.CancellationToken));
    }

    private static Task RunAsync(string name, Func<IMfaStore> open) =>
        StoreConformance.Find(name).RunAsync(_ => new(open()), TestContext.Current.CancellationToken);

    private sealed class DisposableStore(InMemoryMfaStore data) : AlteredStore(data), IAsyncDisposable
    {
        public int TimesDisposed { get; private set; }

        public ValueTask DisposeAsync()
        {
            TimesDisposed++;
            return ValueTask.CompletedTask;
        }
    }
}
