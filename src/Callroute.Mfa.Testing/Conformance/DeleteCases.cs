namespace Callroute.Mfa.Testing.Conformance;

/// <summary>Delete, and what comes after it.</summary>
internal static class DeleteCases
{
    public static IReadOnlyList<StoreConformanceCase> All { get; } =
    [
        new(nameof(Delete_RightVersion_LeavesNothing), "A delete with the stored version removes the document.", Delete_RightVersion_LeavesNothing),
        new(nameof(Delete_StaleVersion_ChangesNothing), "A delete with a version that was replaced is answered with false and removes nothing.", Delete_StaleVersion_ChangesNothing),
        new(nameof(Delete_Nothing_IsFalse), "A delete where there is no document is answered with false.", Delete_Nothing_IsFalse),
        new(nameof(Delete_Twice_IsTrueOnce), "A document is deleted once.", Delete_Twice_IsTrueOnce),
        new(nameof(Create_AfterDelete_ReadsBack), "After a delete the subject can be created again.", Create_AfterDelete_ReadsBack),
        new(nameof(Swap_AfterDelete_CreatesNothing), "The version of a deleted document swaps nothing.", Swap_AfterDelete_CreatesNothing),
        new(nameof(Swap_VersionFromBeforeDelete_ChangesNothing), "A version from before a delete neither swaps nor deletes what was created since.", Swap_VersionFromBeforeDelete_ChangesNothing),
    ];

    private static async Task Delete_RightVersion_LeavesNothing(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var first = await trial.CreateNewAsync(store).ConfigureAwait(false);
        var second = first.Next();
        await trial.SwapAsync(store, first, second).ConfigureAwait(false);

        await trial.DeleteAsync(store, second).ConfigureAwait(false);
        await trial.ExpectNothingAsync(store, first.Subject).ConfigureAwait(false);
    }

    private static async Task Delete_StaleVersion_ChangesNothing(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var first = await trial.CreateNewAsync(store).ConfigureAwait(false);
        var second = first.Next();
        await trial.SwapAsync(store, first, second).ConfigureAwait(false);

        trial.Expect(!await trial.TryDeleteAsync(store, first).ConfigureAwait(false), "It was answered with true.");
        trial.Expect(!await trial.TryDeleteAsync(store, first.Next()).ConfigureAwait(false), "A version never written was answered with true.");
        await trial.ExpectStoredAsync(store, second).ConfigureAwait(false);
    }

    private static async Task Delete_Nothing_IsFalse(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        trial.Expect(!await trial.TryDeleteAsync(store, Entry.New()).ConfigureAwait(false), "It was answered with true.");
    }

    private static async Task Delete_Twice_IsTrueOnce(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var entry = await trial.CreateNewAsync(store).ConfigureAwait(false);
        await trial.DeleteAsync(store, entry).ConfigureAwait(false);

        trial.Expect(!await trial.TryDeleteAsync(store, entry).ConfigureAwait(false), "The second delete was answered with true.");
    }

    private static async Task Create_AfterDelete_ReadsBack(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var first = await trial.CreateNewAsync(store).ConfigureAwait(false);
        await trial.DeleteAsync(store, first).ConfigureAwait(false);
        var second = first.Next();

        await trial.CreateAsync(store, second).ConfigureAwait(false);
        await trial.ExpectStoredAsync(store, second).ConfigureAwait(false);
    }

    private static async Task Swap_AfterDelete_CreatesNothing(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var entry = await trial.CreateNewAsync(store).ConfigureAwait(false);
        await trial.DeleteAsync(store, entry).ConfigureAwait(false);

        trial.Expect(!await trial.TrySwapAsync(store, entry.Version, entry.Next()).ConfigureAwait(false), "It was answered with true.");
        await trial.ExpectNothingAsync(store, entry.Subject).ConfigureAwait(false);
    }

    private static async Task Swap_VersionFromBeforeDelete_ChangesNothing(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var old = await trial.CreateNewAsync(store).ConfigureAwait(false);
        await trial.DeleteAsync(store, old).ConfigureAwait(false);
        var current = old.Next();
        await trial.CreateAsync(store, current).ConfigureAwait(false);

        trial.Expect(!await trial.TrySwapAsync(store, old.Version, old.Next()).ConfigureAwait(false), "It swapped.");
        trial.Expect(!await trial.TryDeleteAsync(store, old).ConfigureAwait(false), "It deleted.");
        await trial.ExpectStoredAsync(store, current).ConfigureAwait(false);
    }
}
