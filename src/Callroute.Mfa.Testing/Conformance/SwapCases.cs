namespace Callroute.Mfa.Testing.Conformance;

/// <summary>Find, create and swap, one after the other.</summary>
internal static class SwapCases
{
    private const int ChainLength = 50;

    public static IReadOnlyList<StoreConformanceCase> All { get; } =
    [
        new(nameof(Find_NothingWritten_IsNull), "Where nothing was written, there is nothing to find.", Find_NothingWritten_IsNull),
        new(nameof(Create_Nothing_ReadsBack), "A created document reads back byte for byte, with its version.", Create_Nothing_ReadsBack),
        new(nameof(Create_Existing_ChangesNothing), "Creating over a document is answered with false and changes nothing.", Create_Existing_ChangesNothing),
        new(nameof(Swap_RightVersion_ReadsBack), "A swap with the stored version replaces document and version.", Swap_RightVersion_ReadsBack),
        new(nameof(Swap_StaleVersion_ChangesNothing), "A swap with a version that was replaced is answered with false and changes nothing.", Swap_StaleVersion_ChangesNothing),
        new(nameof(Swap_UnknownVersion_ChangesNothing), "A swap with a version that was never written is answered with false and changes nothing.", Swap_UnknownVersion_ChangesNothing),
        new(nameof(Swap_Nothing_CreatesNothing), "A swap where there is no document is answered with false and creates nothing.", Swap_Nothing_CreatesNothing),
        new(nameof(Swap_VersionOfAnotherSubject_ChangesNothing), "The version of another subject's document swaps nothing.", Swap_VersionOfAnotherSubject_ChangesNothing),
        new(nameof(Swap_EqualDocument_ChangesTheVersion), "A swap to an equal document is a write: its version is the new one.", Swap_EqualDocument_ChangesTheVersion),
        new(nameof(Swap_EqualDocumentAndStaleVersion_ChangesNothing), "A version that was replaced swaps nothing, also where the document is equal.", Swap_EqualDocumentAndStaleVersion_ChangesNothing),
        new(nameof(Swap_LongChain_ReadsEveryWrite), "Every read after an answered write gives that write.", Swap_LongChain_ReadsEveryWrite),
        new(nameof(Swap_EarlierVersions_AllStayDead), "No version of the past swaps or deletes again.", Swap_EarlierVersions_AllStayDead),
        new(nameof(Write_OneSubject_LeavesTheOthers), "A write of one subject changes no other, also of the same tenant or user id.", Write_OneSubject_LeavesTheOthers),
        new(nameof(Write_Lost_IsToldNotThrown), "A lost create, swap or delete is answered with false and throws nothing.", Write_Lost_IsToldNotThrown),
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

        trial.Expect(!await trial.TryCreateAsync(store, first.Next()).ConfigureAwait(false), "It was answered with true.");
        trial.Expect(!await trial.TryCreateAsync(store, first.Next().With(first.Document)).ConfigureAwait(false), "It was answered with true for an equal document.");
        await trial.ExpectStoredAsync(store, first).ConfigureAwait(false);
    }

    private static async Task Swap_RightVersion_ReadsBack(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var first = await trial.CreateNewAsync(store).ConfigureAwait(false);
        var second = first.Next();

        await trial.SwapAsync(store, first, second).ConfigureAwait(false);
        await trial.ExpectStoredAsync(store, second).ConfigureAwait(false);
    }

    private static async Task Swap_StaleVersion_ChangesNothing(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var first = await trial.CreateNewAsync(store).ConfigureAwait(false);
        var second = first.Next();
        await trial.SwapAsync(store, first, second).ConfigureAwait(false);

        await ExpectNoSwapAsync(trial, store, first, second).ConfigureAwait(false);
    }

    private static async Task Swap_UnknownVersion_ChangesNothing(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var first = await trial.CreateNewAsync(store).ConfigureAwait(false);

        await ExpectNoSwapAsync(trial, store, first.Next(), first).ConfigureAwait(false);
    }

    private static async Task Swap_Nothing_CreatesNothing(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var entry = Entry.New();

        trial.Expect(!await trial.TrySwapAsync(store, entry.Version, entry.Next()).ConfigureAwait(false), "It was answered with true.");
        await trial.ExpectNothingAsync(store, entry.Subject).ConfigureAwait(false);
    }

    private static async Task Swap_VersionOfAnotherSubject_ChangesNothing(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var mine = await trial.CreateNewAsync(store).ConfigureAwait(false);
        var other = await trial.CreateNewAsync(store).ConfigureAwait(false);

        await ExpectNoSwapAsync(trial, store, other, mine).ConfigureAwait(false);
        trial.Expect(!await trial.TryDeleteAsync(store, mine with { Version = other.Version }).ConfigureAwait(false), "It deleted.");
        await trial.ExpectStoredAsync(store, mine).ConfigureAwait(false);
        await trial.ExpectStoredAsync(store, other).ConfigureAwait(false);
    }

    private static async Task Swap_EqualDocument_ChangesTheVersion(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var first = await trial.CreateNewAsync(store).ConfigureAwait(false);
        var second = first.Next().With(first.Document);

        await trial.SwapAsync(store, first, second).ConfigureAwait(false);
        await trial.ExpectStoredAsync(store, second).ConfigureAwait(false);
    }

    private static async Task Swap_EqualDocumentAndStaleVersion_ChangesNothing(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var first = await trial.CreateNewAsync(store).ConfigureAwait(false);
        var second = first.Next();
        await trial.SwapAsync(store, first, second).ConfigureAwait(false);

        trial.Expect(!await trial.TrySwapAsync(store, first.Version, first.Next().With(second.Document)).ConfigureAwait(false), "It was answered with true.");
        await trial.ExpectStoredAsync(store, second).ConfigureAwait(false);
    }

    private static async Task Swap_LongChain_ReadsEveryWrite(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var current = await trial.CreateNewAsync(store).ConfigureAwait(false);
        for (var i = 0; i < ChainLength; i++)
        {
            await trial.ExpectStoredAsync(store, current).ConfigureAwait(false);
            var next = current.Next();
            await trial.SwapAsync(store, current, next).ConfigureAwait(false);
            current = next;
        }

        await trial.ExpectStoredAsync(store, current).ConfigureAwait(false);
    }

    private static async Task Swap_EarlierVersions_AllStayDead(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        List<Entry> chain = [await trial.CreateNewAsync(store).ConfigureAwait(false)];
        for (var i = 0; i < ChainLength; i++)
        {
            chain.Add(chain[^1].Next());
            await trial.SwapAsync(store, chain[^2], chain[^1]).ConfigureAwait(false);
        }

        foreach (var past in chain.SkipLast(1))
        {
            trial.Expect(!await trial.TryDeleteAsync(store, past).ConfigureAwait(false), "It deleted.");
            await ExpectNoSwapAsync(trial, store, past, chain[^1]).ConfigureAwait(false);
        }
    }

    private static async Task Write_OneSubject_LeavesTheOthers(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var (user, tenant) = (Entry.NewText(), Entry.NewText());
        var mine = Entry.For(new MfaSubject(user, tenant));
        Entry[] others = [Entry.For(new(user)), Entry.For(new(user, Entry.NewText())), Entry.For(new(Entry.NewText(), tenant)), Entry.For(new(tenant)), Entry.For(new(tenant, user))];
        foreach (var entry in others.Append(mine))
        {
            await trial.CreateAsync(store, entry).ConfigureAwait(false);
        }

        var next = mine.Next();
        await trial.SwapAsync(store, mine, next).ConfigureAwait(false);
        await trial.DeleteAsync(store, next).ConfigureAwait(false);

        foreach (var other in others)
        {
            await trial.ExpectStoredAsync(store, other).ConfigureAwait(false);
        }
    }

    private static async Task Write_Lost_IsToldNotThrown(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var first = await trial.CreateNewAsync(store).ConfigureAwait(false);
        var second = first.Next();
        await trial.SwapAsync(store, first, second).ConfigureAwait(false);

        bool[] answers =
        [
            await trial.TryCreateAsync(store, first.Next()).ConfigureAwait(false),
            await trial.TrySwapAsync(store, first.Version, first.Next()).ConfigureAwait(false),
            await trial.TryDeleteAsync(store, first).ConfigureAwait(false),
        ];

        trial.Expect(answers.All(won => !won), "It was answered with true.");
    }

    private static async Task ExpectNoSwapAsync(Trial trial, Storage.IMfaStore store, Entry expected, Entry stored)
    {
        trial.Expect(!await trial.TrySwapAsync(store, expected.Version, stored.Next()).ConfigureAwait(false), "It was answered with true.");
        await trial.ExpectStoredAsync(store, stored).ConfigureAwait(false);
    }
}
