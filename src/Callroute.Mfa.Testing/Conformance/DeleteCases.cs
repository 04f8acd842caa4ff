namespace Callroute.Mfa.Testing.Conformance;

/// <summary>Cases for deletes and for writes after a delete.</summary>
internal static class DeleteCases
{
    public static IReadOnlyList<StoreConformanceCase> All { get; } =
    [
        new("A delete with the stored version removes the document.", Delete_RightVersion_LeavesNothing),
        new("A delete that expects an outdated version returns false and removes nothing.", Delete_StaleVersion_ChangesNothing),
        new("A delete without a document returns false.", Delete_Nothing_IsFalse),
        new("A document can be deleted only once.", Delete_Twice_IsTrueOnce),
        new("After a delete the subject can be created again.", Create_AfterDelete_ReadsBack),
        new("A write that expects the version of a deleted document writes nothing.", Replace_AfterDelete_CreatesNothing),
        new(
            "A version from before a delete neither replaces nor deletes a document that was created later.",
            Replace_VersionFromBeforeDelete_ChangesNothing),
    ];

    private static async Task Delete_RightVersion_LeavesNothing(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var first = await trial.CreateNewAsync(store).ConfigureAwait(false);
        var second = first.Next();
        await trial.ReplaceAsync(store, first, second).ConfigureAwait(false);

        await trial.DeleteAsync(store, second).ConfigureAwait(false);
        await trial.ExpectNothingAsync(store, first.Subject).ConfigureAwait(false);
    }

    private static async Task Delete_StaleVersion_ChangesNothing(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var first = await trial.CreateNewAsync(store).ConfigureAwait(false);
        var second = first.Next();
        await trial.ReplaceAsync(store, first, second).ConfigureAwait(false);

        trial.Expect(!await trial.TryDeleteAsync(store, first).ConfigureAwait(false), "It returned true.");
        trial.Expect(
            !await trial.TryDeleteAsync(store, first.Next()).ConfigureAwait(false),
            "A delete with a version that was never written returned true.");
        await trial.ExpectStoredAsync(store, second).ConfigureAwait(false);
    }

    private static async Task Delete_Nothing_IsFalse(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        trial.Expect(!await trial.TryDeleteAsync(store, Entry.New()).ConfigureAwait(false), "It returned true.");
    }

    private static async Task Delete_Twice_IsTrueOnce(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var entry = await trial.CreateNewAsync(store).ConfigureAwait(false);
        await trial.DeleteAsync(store, entry).ConfigureAwait(false);

        trial.Expect(!await trial.TryDeleteAsync(store, entry).ConfigureAwait(false), "The second delete returned true.");
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

    private static async Task Replace_AfterDelete_CreatesNothing(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var entry = await trial.CreateNewAsync(store).ConfigureAwait(false);
        await trial.DeleteAsync(store, entry).ConfigureAwait(false);

        trial.Expect(!await trial.TryReplaceAsync(store, entry.Version, entry.Next()).ConfigureAwait(false), "It returned true.");
        await trial.ExpectNothingAsync(store, entry.Subject).ConfigureAwait(false);
    }

    private static async Task Replace_VersionFromBeforeDelete_ChangesNothing(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var old = await trial.CreateNewAsync(store).ConfigureAwait(false);
        await trial.DeleteAsync(store, old).ConfigureAwait(false);
        var current = old.Next();
        await trial.CreateAsync(store, current).ConfigureAwait(false);

        trial.Expect(!await trial.TryReplaceAsync(store, old.Version, old.Next()).ConfigureAwait(false), "It was replaced.");
        trial.Expect(!await trial.TryDeleteAsync(store, old).ConfigureAwait(false), "It was deleted.");
        await trial.ExpectStoredAsync(store, current).ConfigureAwait(false);
    }
}
