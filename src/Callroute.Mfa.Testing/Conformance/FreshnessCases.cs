using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Conformance;

/// <summary>An answered write is there: at once, for everybody, and for stores that are opened later.</summary>
internal static class FreshnessCases
{
    private const int Rounds = 20;

    // More than a page of a thousand, and no multiple of one.
    public const int ManyRecords = 1_100;

    private const int Batch = 16;

    public static IReadOnlyList<StoreConformanceCase> All { get; } =
    [
        new(nameof(Find_OtherStore_SeesEveryWriteAtOnce), "A write that was answered is read at once through any other store on the same data.", Find_OtherStore_SeesEveryWriteAtOnce),
        new(nameof(Find_OtherStoreThatFoundNothing_SeesTheCreate), "That nothing was found is not remembered.", Find_OtherStoreThatFoundNothing_SeesTheCreate),
        new(nameof(Write_OtherStore_TakesTurns), "Stores on the same data swap one another's versions.", Write_OtherStore_TakesTurns),
        new(nameof(Restart_EveryAnswer_IsStillTrue), "What was answered is there for a store that is opened after the others were closed.", Restart_EveryAnswer_IsStillTrue),
        new(nameof(Records_OverAThousand_AllStay), "A store drops no record to make room for others.", Records_OverAThousand_AllStay),
    ];

    public static async Task<Entry[]> CreateManyAsync(Trial trial, IMfaStore store, Func<int, MfaSubject> subject)
    {
        var entries = Enumerable.Range(0, ManyRecords).Select(i => Entry.For(subject(i))).ToArray();
        await Parallel.ForEachAsync(
            entries,
            new ParallelOptions { MaxDegreeOfParallelism = Batch, CancellationToken = trial.Token },
            async (entry, _) => await CreatePatientlyAsync(trial, store, entry).ConfigureAwait(false)).ConfigureAwait(false);
        return entries;
    }

    private static async Task CreatePatientlyAsync(Trial trial, IMfaStore store, Entry entry)
    {
        for (var tries = 1; !await trial.TryCreateAsync(store, entry).ConfigureAwait(false); tries++)
        {
            trial.Expect(tries < Trial.PatientTries, "A create that nobody contends is lost again and again.");
        }
    }

    private static async Task Find_OtherStore_SeesEveryWriteAtOnce(Trial trial)
    {
        var (writer, reader) = (await trial.OpenAsync().ConfigureAwait(false), await trial.OpenAsync().ConfigureAwait(false));
        for (var round = 0; round < Rounds; round++)
        {
            var first = await trial.CreateNewAsync(writer).ConfigureAwait(false);
            await trial.ExpectStoredAsync(reader, first).ConfigureAwait(false);

            var second = first.Next();
            await trial.SwapAsync(writer, first, second).ConfigureAwait(false);
            await trial.ExpectStoredAsync(reader, second).ConfigureAwait(false);

            await trial.DeleteAsync(writer, second).ConfigureAwait(false);
            await trial.ExpectNothingAsync(reader, first.Subject).ConfigureAwait(false);
        }
    }

    private static async Task Find_OtherStoreThatFoundNothing_SeesTheCreate(Trial trial)
    {
        var (writer, reader) = (await trial.OpenAsync().ConfigureAwait(false), await trial.OpenAsync().ConfigureAwait(false));
        var entry = Entry.New();
        await trial.ExpectNothingAsync(reader, entry.Subject).ConfigureAwait(false);
        await trial.ExpectNothingAsync(writer, entry.Subject).ConfigureAwait(false);

        await trial.CreateAsync(writer, entry).ConfigureAwait(false);
        await trial.ExpectStoredAsync(reader, entry).ConfigureAwait(false);
        await trial.ExpectStoredAsync(writer, entry).ConfigureAwait(false);
    }

    private static async Task Write_OtherStore_TakesTurns(Trial trial)
    {
        IMfaStore[] stores = [await trial.OpenAsync().ConfigureAwait(false), await trial.OpenAsync().ConfigureAwait(false)];
        var current = await trial.CreateNewAsync(stores[0]).ConfigureAwait(false);
        for (var i = 1; i <= Rounds; i++)
        {
            var next = current.Next();
            await trial.SwapAsync(stores[i % 2], current, next).ConfigureAwait(false);
            trial.Expect(!await trial.TrySwapAsync(stores[(i + 1) % 2], current.Version, current.Next()).ConfigureAwait(false), "A version that the other store had replaced swapped.");
            current = next;
        }

        await trial.DeleteAsync(stores[1], current).ConfigureAwait(false);
        trial.Expect(!await trial.TrySwapAsync(stores[0], current.Version, current.Next()).ConfigureAwait(false), "A version that the other store had deleted swapped.");
    }

    private static async Task Restart_EveryAnswer_IsStillTrue(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var created = await trial.CreateNewAsync(store).ConfigureAwait(false);
        var (first, deleted) = (await trial.CreateNewAsync(store).ConfigureAwait(false), await trial.CreateNewAsync(store).ConfigureAwait(false));
        var swapped = first.Next();
        await trial.SwapAsync(store, first, swapped).ConfigureAwait(false);
        await trial.DeleteAsync(store, deleted).ConfigureAwait(false);
        await trial.CloseAsync(store).ConfigureAwait(false);

        var reopened = await trial.OpenAsync().ConfigureAwait(false);
        await trial.ExpectStoredAsync(reopened, created).ConfigureAwait(false);
        await trial.ExpectStoredAsync(reopened, swapped).ConfigureAwait(false);
        await trial.ExpectNothingAsync(reopened, deleted.Subject).ConfigureAwait(false);
        await trial.SwapAsync(reopened, swapped, swapped.Next()).ConfigureAwait(false);
    }

    private static async Task Records_OverAThousand_AllStay(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var entries = await CreateManyAsync(trial, store, _ => new MfaSubject(Entry.NewText())).ConfigureAwait(false);
        foreach (var entry in entries)
        {
            await trial.ExpectStoredAsync(store, entry).ConfigureAwait(false);
        }
    }
}
