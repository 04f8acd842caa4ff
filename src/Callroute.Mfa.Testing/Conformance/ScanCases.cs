using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Conformance;

/// <summary>Cases for scans. They pass without a check if the store is not an <see cref="IMfaStoreScan"/>.</summary>
internal static class ScanCases
{
    // More than the default size of connection pools, so that a leaked connection is detected.
    private const int EarlyEnds = 120;

    public static IReadOnlyList<StoreConformanceCase> All { get; } =
    [
        Scan("Scan_OddSubjects_AreListedAsGiven", "A scan lists subjects exactly as they were written.", ListOddSubjectsAsync),
        Scan("Scan_OverAThousand_ListsAll", "A scan lists every subject, however many there are.", ListManyAsync),
        Scan("Scan_Deleted_IsNotListed", "A scan lists no subject that was deleted before the scan.", SkipDeletedAsync),
        Scan(
            "Scan_WhileListedAreDeleted_ListsTheRest",
            "A scan misses no subject because others are deleted during the scan.",
            While((trial, store, entry) => trial.DeleteAsync(store, entry))),
        Scan(
            "Scan_WhileListedAreReplaced_ListsTheRest",
            "A scan misses no subject because others are replaced during the scan.",
            While((trial, store, entry) => trial.ReplaceAsync(store, entry, entry.Next()))),
        Scan(
            "Scan_WhileOthersAreCreated_ListsTheRest",
            "A scan misses no subject because others are created during the scan.",
            While((trial, store, _) => trial.CreateNewAsync(store))),
        Scan("Scan_EndedEarly_HoldsNothing", "A scan that is not enumerated to its end releases its resources.", EndEarlyAsync),
        Scan("Scan_CancelledToken_Throws", "A scan with a cancelled token throws OperationCanceledException.", CancelAsync),
    ];

    private static StoreConformanceCase Scan(string name, string promise, Func<Trial, IMfaStore, IMfaStoreScan, Task> run) => new(
        promise,
        async trial =>
        {
            var store = await trial.OpenAsync().ConfigureAwait(false);
            await (store is IMfaStoreScan scan ? run(trial, store, scan) : Task.CompletedTask).ConfigureAwait(false);
        },
        name);

    // A change that applies only to the subjects that the case does not expect in the list.
    private static Func<Trial, IMfaStore, IMfaStoreScan, Task> While(Func<Trial, IMfaStore, Entry, Task> change) =>
        (trial, store, scan) => ListWhileAsync(
            trial, store, scan, (entry, isKept) => isKept ? Task.CompletedTask : change(trial, store, entry));

    private static async Task ListOddSubjectsAsync(Trial trial, IMfaStore store, IMfaStoreScan scan)
    {
        var u = Entry.NewText();
        MfaSubject[] subjects =
        [
            new(u), new(u, u), new($"{u}A"), new($"{u}a"), new($" {u} "), new($"{u}😀", "é"), new($"{u}😀", "e\u0301"),
            new($"{u}:%_\\{{}}*[]'\"", "a:b|c/d"), new(u, "null"), new(u, "\u0130"),
            new(new string('字', MfaSubject.MaximumLength - u.Length) + u, new string('字', MfaSubject.MaximumLength)),
        ];
        foreach (var subject in subjects)
        {
            await trial.CreateAsync(store, Entry.For(subject)).ConfigureAwait(false);
        }

        var listed = await ListAsync(
            trial, scan, subject => subject.UserId.Contains(u, StringComparison.OrdinalIgnoreCase)).ConfigureAwait(false);

        trial.Expect(subjects.All(listed.Contains), "A subject was not listed, or not as it was written.");
        trial.Expect(listed.Count == subjects.Length, "A subject was listed that was never written.");
    }

    private static async Task ListManyAsync(Trial trial, IMfaStore store, IMfaStoreScan scan)
    {
        var prefix = Entry.NewText();
        var entries = await FreshnessCases.CreateManyAsync(trial, store, i => Subject(prefix, i)).ConfigureAwait(false);
        await ExpectListedAsync(trial, scan, prefix, entries).ConfigureAwait(false);
    }

    // In one tenant, in many tenants and without a tenant: a store may list these in separate steps.
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
        trial.Expect(
            listed.SetEquals([kept.Subject]),
            listed.Contains(deleted.Subject) ? "The deleted subject was listed." : "Another subject was not listed.");
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
        await trial.ReplaceAsync(store, entry, next).ConfigureAwait(false);
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

        throw trial.Broken("It returned a result.");
    }

    private static async Task ExpectListedAsync(Trial trial, IMfaStoreScan scan, string prefix, Entry[] entries)
    {
        var listed = await ListAsync(trial, scan, StartsWith(prefix)).ConfigureAwait(false);
        var missed = entries.Count(entry => !listed.Contains(entry.Subject));
        trial.Expect(missed == 0, $"{missed} of {entries.Length} were not listed.");
    }

    private static Predicate<MfaSubject> StartsWith(string prefix) =>
        subject => subject.UserId.StartsWith(prefix, StringComparison.Ordinal);

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
