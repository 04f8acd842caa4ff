using System.Collections.Concurrent;
using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing.Tests.Zoo.Vulnerable;

namespace Callroute.Mfa.Testing.Tests.Zoo;

/// <summary>The conformance kit rejects the broken stores of the zoo, without any service above them.</summary>
public sealed class ZooStoreTests(ITestOutputHelper output)
{
    // A case may wait for ever for what a broken store has lost. That is no rejection here: the named case says what is wrong.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(2);

    private static Func<IMfaStore> OpenerOf(string store)
    {
        var memory = new InMemoryMfaStore();
        var shared = new ConcurrentDictionary<MfaSubject, StoredRecord>();
        var one = store switch
        {
            nameof(ReadCheckWriteStore) => new ReadCheckWriteStore(),
            nameof(LastWriteWinsStore) => new LastWriteWinsStore(),
            nameof(StringCounterStore) => new StringCounterStore(memory),
            nameof(EnlistingStore) => new EnlistingStore(memory),
            _ => (IMfaStore?)null,
        };
        return one is null ? () => new CachingStore(shared) : () => one;
    }

    private static async Task<string?> FindBreachAsync(StoreConformanceCase conformance, Func<IMfaStore> open)
    {
        using var limit = new CancellationTokenSource(TimeLimit);
        try
        {
            await conformance.RunAsync(_ => new(open()), limit.Token);
            return null;
        }
        catch (StoreConformanceException breach)
        {
            return breach.Message;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return null;
        }
    }

    [Theory]
    [InlineData(nameof(ReadCheckWriteStore), "Replace_SixtyFourAtOnce_OneWins")]
    [InlineData(nameof(LastWriteWinsStore), "Replace_StaleVersion_ChangesNothing")]
    [InlineData(nameof(EnlistingStore), "AmbientTransaction_RolledBack_KeepsTheReplacement")]
    [InlineData(nameof(StringCounterStore), "Document_EveryByte_ReadsBack")]
    [InlineData(nameof(CachingStore), "Find_OtherStore_SeesEveryWriteAtOnce")]
    public async Task Conformance_BrokenStore_IsRejected(string store, string named)
    {
        var rejecting = new List<string>();
        foreach (var conformance in StoreConformance.Cases)
        {
            if (await FindBreachAsync(conformance, OpenerOf(store)) is { } breach)
            {
                rejecting.Add(conformance.Name);
                output.WriteLine(breach);
            }
        }

        Assert.Contains(named, rejecting);
    }

    [Fact]
    public async Task Conformance_RacyStore_IsRejectedInAtLeast99OfAHundredRuns()
    {
        var conformance = StoreConformance.Find("Replace_SixtyFourAtOnce_OneWins");

        var rejected = await ZooRuns.CountAsync(async () => await FindBreachAsync(conformance, OpenerOf(nameof(ReadCheckWriteStore))) is not null);

        output.WriteLine($"{nameof(ReadCheckWriteStore)}: rejected in {rejected} of {ZooRuns.Count} runs");
        Assert.True(rejected * 100 >= ZooRuns.Count * 99, $"Rejected in {rejected} of {ZooRuns.Count} runs.");
    }
}
