using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Conformance;

/// <summary>Listing, where the store can.</summary>
internal static class ScanCases
{
    // More than connection pools hold by default, so that one that is not given back shows.
    private const int EarlyEnds = 120;

    public static IReadOnlyList<StoreConformanceCase> All { get; } =
    [
        Scan("Scan_OddSubjects_AreListedAsGiven", "A scan lists subjects exactly as they were given.", ListOddSubjectsAsync),
        Scan("Scan_OverAThousand_ListsAll", "A scan lists every subject, however many there are.", ListManyAsync),
        Scan("Scan_Deleted_IsNotListed", "A scan lists no subject that was deleted before it.", SkipDeletedAsync),
        Scan("Scan_WhileListedAreDeleted_ListsTheRest", "A scan misses nobody because others are deleted meanwhile.", (trial, store, scan) => ListWhileAsync(trial, store, scan, (entry, isKept) => isKept ? Task.CompletedTask : trial.DeleteAsync(store, entry))),
        Scan("Scan_WhileListedAreSwapped_ListsTheRest", "A scan misses nobody because others are written meanwhile.", (trial, store, scan) => ListWhileAsync(trial, store, scan, (entry, isKept) => isKept ? Task.CompletedTask : trial.SwapAsync(store, entry, entry.Next()))),
        Scan("Scan_WhileOthersAreCreated_ListsTheRest", "A scan misses nobody because others are created meanwhile.", (trial, store, scan) => ListWhileAsync(trial, store, scan, (_, isKept) => isKept ? Task.CompletedTask : trial.CreateNewAsync(store))),
        Scan("Scan_EndedEarly_HoldsNothing", "A scan that is not enumerated to its end holds nothing back.", EndEarlyAsync),
        Scan("Scan_CancelledToken_Throws", "A scan with a cancelled token throws OperationCanceledException.", CancelAsync),
    ];

    private static StoreConformanceCase Scan(string name, string promise, Func<Trial, IMfaStore, IMfaStoreScan, Task> run) => new(name, promise, async trial =>
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        await (store is IMfaStoreScan scan ? run(trial, store, scan) : Task.CompletedTask).ConfigureAwait(false);
    });

    private static async Task ListOddSubjectsAsync(Trial trial, IMfaStore store, IMfaStoreScan scan)
    {
        var u = Entry.NewText();
        MfaSubject[] subjects =
        [
            new(u), new(u, u), new($"{u}A"), new($"{u}a"), new($" {u} "), new($"{u}😀", "é"), new($"{u}😀", "e\u0301"), new($"{u}:%_\\{{}}*[]'\"", "a:b|c/d"), new(u, "null"), new(u, "\u0130"),
            new(new string('字', MfaSubject.MaximumLength - u.Length) + u, new string('字', MfaSubject.MaximumLength)),
        ];
        foreach (var subject in subjects)
        {
            await trial.CreateAsync(store, Entry.For(subject)).ConfigureAwait(false);
        }

        var listed = await ListAsync(trial, scan, subject => subject.UserId.Contains(u, StringComparison.OrdinalIgnoreCase)).ConfigureAwait(false);

        trial.Expect(subjects.All(listed.Contains), "One was not listed, or not as it was given.");
        trial.Expect(listed.Count == subjects.Length, "A subject was listed that was never given.");
    }

    private static async Task ListManyAsync(Trial trial, IMfaStore store, IMfaStoreScan scan)
    {
        var prefix = Entry.NewText();
        var entries = await FreshnessCases.CreateManyAsync(trial, store, i => Subject(prefix, i)).ConfigureAwait(false);
        await ExpectListedAsync(trial, scan, prefix, entries).ConfigureAwait(false);
    }

    // In one tenant, in many, and in none: a store may list them one after the other.
    private static MfaSubject Subject(string prefix, int i) => (i % 3) switch
    {
        0 => new(prefix + Entry.NewText()),
        1 => new(prefix + Entry.NewText(), prefix),
        _ => new(prefix + Entry.NewText(), Entry.NewText()),
    };

    private static async Task SkipDeletedAsync(Trial trial, IMfaStore store, IMfaStoreScan scan)
    {
        var prefix = Entry.NewText();
        var kept = Entry.For(new(prefix + "kept"));
        var deleted = Entry.For(new(prefix + "deleted"));
        await trial.CreateAsync(store, kept).ConfigureAwait(false);
        await trial.CreateAsync(store, deleted).ConfigureAwait(false);
        await trial.DeleteAsync(store, deleted).ConfigureAwait(false);

        var listed = await ListAsync(trial, scan, StartsWith(prefix)).ConfigureAwait(false);
        trial.Expect(listed.SetEquals([kept.Subject]), listed.Contains(deleted.Subject) ? "It was listed." : "Another was not listed.");
    }

    private static async Task ListWhileAsync(Trial trial, IMfaStore store, IMfaStoreScan scan, Func<Entry, bool, Task> change)
    {
        var prefix = Entry.NewText();
        var entries = await FreshnessCases.CreateManyAsync(trial, store, i => Subject(prefix, i)).ConfigureAwait(false);
        var mine = entries.ToDictionary(entry => entry.Subject);
        var kept = entries.Where((_, i) => i % 2 == 0).Select(entry => entry.Subject).ToHashSet();
        HashSet<MfaSubject> listed = [];
        await foreach (var subject in scan.ScanAsync(trial.Token).ConfigureAwait(false))
        {
            if (mine.TryGetValue(subject, out var entry) && listed.Add(subject))
            {
                await change(entry, kept.Contains(subject)).ConfigureAwait(false);
            }
        }

        trial.Expect(kept.IsSubsetOf(listed), $"{kept.Except(listed).Count()} of {kept.Count} were not listed.");
    }

    private static async Task EndEarlyAsync(Trial trial, IMfaStore store, IMfaStoreScan scan)
    {
        var entry = await trial.CreateNewAsync(store).ConfigureAwait(false);
        for (var i = 0; i < EarlyEnds; i++)
        {
            await foreach (var unused in scan.ScanAsync(trial.Token).ConfigureAwait(false))
            {
                break;
            }
        }

        var next = entry.Next();
        await trial.SwapAsync(store, entry, next).ConfigureAwait(false);
        await trial.ExpectStoredAsync(store, next).ConfigureAwait(false);
    }

    private static async Task CancelAsync(Trial trial, IMfaStore store, IMfaStoreScan scan)
    {
        await trial.CreateNewAsync(store).ConfigureAwait(false);
        try
        {
            await foreach (var unused in scan.ScanAsync(new CancellationToken(canceled: true)).ConfigureAwait(false))
            {
                break;
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }

        throw trial.Broken("It was answered.");
    }

    private static async Task ExpectListedAsync(Trial trial, IMfaStoreScan scan, string prefix, Entry[] entries)
    {
        var listed = await ListAsync(trial, scan, StartsWith(prefix)).ConfigureAwait(false);
        var missed = entries.Count(entry => !listed.Contains(entry.Subject));
        trial.Expect(missed == 0, $"{missed} of {entries.Length} were not listed.");
    }

    private static Predicate<MfaSubject> StartsWith(string prefix) => subject => subject.UserId.StartsWith(prefix, StringComparison.Ordinal);

    private static async Task<HashSet<MfaSubject>> ListAsync(Trial trial, IMfaStoreScan scan, Predicate<MfaSubject> isMine)
    {
        HashSet<MfaSubject> listed = [];
        await foreach (var subject in scan.ScanAsync(trial.Token).ConfigureAwait(false))
        {
            if (isMine(subject))
            {
                listed.Add(subject);
            }
        }

        return listed;
    }
}
