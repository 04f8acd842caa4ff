using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Conformance;

/// <summary>Cases for visibility: every store sees an acknowledged write immediately, even a store that is opened later.</summary>
internal static class FreshnessCases
{
    private const int Rounds = 20;

    // More than one page of a thousand, and not a multiple of it.
    public const int ManyRecords = 1_100;

    private const int Batch = 16;

    public static IReadOnlyList<StoreConformanceCase> All { get; } =
    [
        new("Every other store on the same data reads an acknowledged write at once.", Find_OtherStore_SeesEveryWriteAtOnce),
        new("A store does not cache that it found nothing.", Find_OtherStoreThatFoundNothing_SeesTheCreate),
        new("Stores on the same data replace one another's versions.", Write_OtherStore_TakesTurns),
        new("A store that is opened after the others were closed reads every acknowledged write.", Restart_AcknowledgedWrites_AreStored),
        new("A store never drops a record to make room for others.", Records_OverAThousand_AllStay),
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
            trial.Expect(tries < Trial.PatientTries, "A create without a competitor failed in every try.");
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
            await trial.ReplaceAsync(writer, first, second).ConfigureAwait(false);
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
            await trial.ReplaceAsync(stores[i % 2], current, next).ConfigureAwait(false);
            trial.Expect(
                !await trial.TryReplaceAsync(stores[(i + 1) % 2], current.Version, current.Next()).ConfigureAwait(false),
                "A version that the other store had replaced was accepted.");
            current = next;
        }

        await trial.DeleteAsync(stores[1], current).ConfigureAwait(false);
        trial.Expect(
            !await trial.TryReplaceAsync(stores[0], current.Version, current.Next()).ConfigureAwait(false),
            "A version that the other store had deleted was accepted.");
    }

    private static async Task Restart_AcknowledgedWrites_AreStored(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var created = await trial.CreateNewAsync(store).ConfigureAwait(false);
        var (first, deleted) = (
            await trial.CreateNewAsync(store).ConfigureAwait(false), await trial.CreateNewAsync(store).ConfigureAwait(false));
        var replaced = first.Next();
        await trial.ReplaceAsync(store, first, replaced).ConfigureAwait(false);
        await trial.DeleteAsync(store, deleted).ConfigureAwait(false);
        await trial.CloseAsync(store).ConfigureAwait(false);

        var reopened = await trial.OpenAsync().ConfigureAwait(false);
        await trial.ExpectStoredAsync(reopened, created).ConfigureAwait(false);
        await trial.ExpectStoredAsync(reopened, replaced).ConfigureAwait(false);
        await trial.ExpectNothingAsync(reopened, deleted.Subject).ConfigureAwait(false);
        await trial.ReplaceAsync(reopened, replaced, replaced.Next()).ConfigureAwait(false);
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
