using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Conformance;

/// <summary>Cases for finds, creates and replacements, one after the other.</summary>
internal static class WriteCases
{
    private const int ChainLength = 50;

    public static IReadOnlyList<StoreConformanceCase> All { get; } =
    [
        new("A find returns null if nothing was written.", Find_NothingWritten_IsNull),
        new("A created document is read back byte for byte, with its version.", Create_Nothing_ReadsBack),
        new("A create with an existing document returns false and changes nothing.", Create_Existing_ChangesNothing),
        new("A write that expects the stored version replaces document and version.", Replace_RightVersion_ReadsBack),
        new("A write that expects an outdated version returns false and changes nothing.", Replace_StaleVersion_ChangesNothing),
        new(
            "A write that expects a version that was never written returns false and changes nothing.",
            Replace_UnknownVersion_ChangesNothing),
        new("A write that expects a version returns false and creates nothing if there is no document.", Replace_Nothing_CreatesNothing),
        new("A write that expects another subject's version changes nothing.", Replace_VersionOfAnotherSubject_ChangesNothing),
        new("Writing an equal document changes the version.", Replace_EqualDocument_ChangesTheVersion),
        new(
            "A write that expects an outdated version changes nothing even if the document is equal.",
            Replace_EqualDocumentAndStaleVersion_ChangesNothing),
        new("Every read after an acknowledged write returns that write.", Replace_LongChain_ReadsEveryWrite),
        new("No earlier version is accepted again, for a replacement or for a delete.", Replace_EarlierVersions_AllStayDead),
        new("A write of one subject changes no other subject, even with the same tenant or user id.", Write_OneSubject_LeavesTheOthers),
        new("A conflicting create, replacement or delete returns false and does not throw.", Write_Conflicting_ReturnsFalse),
    ];

    private static async Task Find_NothingWritten_IsNull(Trial trial) =>
        await trial.ExpectNothingAsync(await trial.OpenAsync().ConfigureAwait(false), Entry.New().Subject).ConfigureAwait(false);

    private static async Task Create_Nothing_ReadsBack(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var entry = await trial.CreateNewAsync(store).ConfigureAwait(false);
        await trial.ExpectStoredAsync(store, entry).ConfigureAwait(false);
    }

    private static async Task Create_Existing_ChangesNothing(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var first = await trial.CreateNewAsync(store).ConfigureAwait(false);

        trial.Expect(!await trial.TryCreateAsync(store, first.Next()).ConfigureAwait(false), "It returned true.");
        trial.Expect(
            !await trial.TryCreateAsync(store, first.Next().With(first.Document)).ConfigureAwait(false),
            "It returned true for an equal document.");
        await trial.ExpectStoredAsync(store, first).ConfigureAwait(false);
    }

    private static async Task Replace_RightVersion_ReadsBack(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var first = await trial.CreateNewAsync(store).ConfigureAwait(false);
        var second = first.Next();

        await trial.ReplaceAsync(store, first, second).ConfigureAwait(false);
        await trial.ExpectStoredAsync(store, second).ConfigureAwait(false);
    }

    private static async Task Replace_StaleVersion_ChangesNothing(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var first = await trial.CreateNewAsync(store).ConfigureAwait(false);
        var second = first.Next();
        await trial.ReplaceAsync(store, first, second).ConfigureAwait(false);

        await ExpectNotReplacedAsync(trial, store, first, second).ConfigureAwait(false);
    }

    private static async Task Replace_UnknownVersion_ChangesNothing(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var first = await trial.CreateNewAsync(store).ConfigureAwait(false);

        await ExpectNotReplacedAsync(trial, store, first.Next(), first).ConfigureAwait(false);
    }

    private static async Task Replace_Nothing_CreatesNothing(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var entry = Entry.New();

        trial.Expect(!await trial.TryReplaceAsync(store, entry.Version, entry.Next()).ConfigureAwait(false), "It returned true.");
        await trial.ExpectNothingAsync(store, entry.Subject).ConfigureAwait(false);
    }

    private static async Task Replace_VersionOfAnotherSubject_ChangesNothing(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var mine = await trial.CreateNewAsync(store).ConfigureAwait(false);
        var other = await trial.CreateNewAsync(store).ConfigureAwait(false);

        await ExpectNotReplacedAsync(trial, store, other, mine).ConfigureAwait(false);
        trial.Expect(!await trial.TryDeleteAsync(store, mine with { Version = other.Version }).ConfigureAwait(false), "It was deleted.");
        await trial.ExpectStoredAsync(store, mine).ConfigureAwait(false);
        await trial.ExpectStoredAsync(store, other).ConfigureAwait(false);
    }

    private static async Task Replace_EqualDocument_ChangesTheVersion(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var first = await trial.CreateNewAsync(store).ConfigureAwait(false);
        var second = first.Next().With(first.Document);

        await trial.ReplaceAsync(store, first, second).ConfigureAwait(false);
        await trial.ExpectStoredAsync(store, second).ConfigureAwait(false);
    }

    private static async Task Replace_EqualDocumentAndStaleVersion_ChangesNothing(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var first = await trial.CreateNewAsync(store).ConfigureAwait(false);
        var second = first.Next();
        await trial.ReplaceAsync(store, first, second).ConfigureAwait(false);

        trial.Expect(
            !await trial.TryReplaceAsync(store, first.Version, first.Next().With(second.Document)).ConfigureAwait(false),
            "It returned true.");
        await trial.ExpectStoredAsync(store, second).ConfigureAwait(false);
    }

    private static async Task Replace_LongChain_ReadsEveryWrite(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var current = await trial.CreateNewAsync(store).ConfigureAwait(false);
        for (var i = 0; i < ChainLength; i++)
        {
            await trial.ExpectStoredAsync(store, current).ConfigureAwait(false);
            var next = current.Next();
            await trial.ReplaceAsync(store, current, next).ConfigureAwait(false);
            current = next;
        }

        await trial.ExpectStoredAsync(store, current).ConfigureAwait(false);
    }

    private static async Task Replace_EarlierVersions_AllStayDead(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        List<Entry> chain = [await trial.CreateNewAsync(store).ConfigureAwait(false)];
        for (var i = 0; i < ChainLength; i++)
        {
            chain.Add(chain[^1].Next());
            await trial.ReplaceAsync(store, chain[^2], chain[^1]).ConfigureAwait(false);
        }

        foreach (var past in chain.SkipLast(1))
        {
            trial.Expect(!await trial.TryDeleteAsync(store, past).ConfigureAwait(false), "It was deleted.");
            await ExpectNotReplacedAsync(trial, store, past, chain[^1]).ConfigureAwait(false);
        }
    }

    private static async Task Write_OneSubject_LeavesTheOthers(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var (user, tenant) = (Entry.NewText(), Entry.NewText());
        var mine = Entry.For(new MfaSubject(user, tenant));
        Entry[] others = [Entry.For(new(user)), Entry.For(new(user, Entry.NewText())), Entry.For(
            new(Entry.NewText(), tenant)), Entry.For(new(tenant)), Entry.For(new(tenant, user))];
        foreach (var entry in others.Append(mine))
        {
            await trial.CreateAsync(store, entry).ConfigureAwait(false);
        }

        var next = mine.Next();
        await trial.ReplaceAsync(store, mine, next).ConfigureAwait(false);
        await trial.DeleteAsync(store, next).ConfigureAwait(false);

        foreach (var other in others)
        {
            await trial.ExpectStoredAsync(store, other).ConfigureAwait(false);
        }
    }

    private static async Task Write_Conflicting_ReturnsFalse(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var first = await trial.CreateNewAsync(store).ConfigureAwait(false);
        var second = first.Next();
        await trial.ReplaceAsync(store, first, second).ConfigureAwait(false);

        bool[] answers =
        [
            await trial.TryCreateAsync(store, first.Next()).ConfigureAwait(false),
            await trial.TryReplaceAsync(store, first.Version, first.Next()).ConfigureAwait(false),
            await trial.TryDeleteAsync(store, first).ConfigureAwait(false),
        ];

        trial.Expect(answers.All(won => !won), "It returned true.");
    }

    private static async Task ExpectNotReplacedAsync(Trial trial, IMfaStore store, Entry expected, Entry stored)
    {
        trial.Expect(!await trial.TryReplaceAsync(store, expected.Version, stored.Next()).ConfigureAwait(false), "It returned true.");
        await trial.ExpectStoredAsync(store, stored).ConfigureAwait(false);
    }
}
