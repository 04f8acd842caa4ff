using System.Diagnostics.CodeAnalysis;

namespace Callroute.Mfa.Testing.Conformance;

/// <summary>Cases for a token that is already cancelled.</summary>
internal static class CancellationCases
{
    private static readonly CancellationToken Cancelled = new(canceled: true);

    public static IReadOnlyList<StoreConformanceCase> All { get; } =
    [
        new("A find with a cancelled token throws OperationCanceledException.", Cancelled_Find_Throws),
        new("A create with a cancelled token throws OperationCanceledException and creates nothing.", Cancelled_Create_ChangesNothing),
        new(
            "A replacement with a cancelled token throws OperationCanceledException and changes nothing.",
            Cancelled_Replace_ChangesNothing),
        new("A delete with a cancelled token throws OperationCanceledException and deletes nothing.", Cancelled_Delete_ChangesNothing),
    ];

    private static async Task Cancelled_Find_Throws(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var entry = await trial.CreateNewAsync(store).ConfigureAwait(false);
        await ExpectCancelledAsync(trial, () => store.FindAsync(entry.Subject, Cancelled)).ConfigureAwait(false);
    }

    private static async Task Cancelled_Create_ChangesNothing(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var entry = Entry.New();
        await ExpectCancelledAsync(
            trial, () => store.TryWriteAsync(entry.Subject, entry.Document, entry.Version, null, Cancelled)).ConfigureAwait(false);
        await trial.ExpectNothingAsync(store, entry.Subject).ConfigureAwait(false);
    }

    private static async Task Cancelled_Replace_ChangesNothing(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var entry = await trial.CreateNewAsync(store).ConfigureAwait(false);
        var next = entry.Next();
        await ExpectCancelledAsync(
            trial, () => store.TryWriteAsync(next.Subject, next.Document, next.Version, entry.Version, Cancelled)).ConfigureAwait(false);
        await trial.ExpectStoredAsync(store, entry).ConfigureAwait(false);
    }

    private static async Task Cancelled_Delete_ChangesNothing(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var entry = await trial.CreateNewAsync(store).ConfigureAwait(false);
        await ExpectCancelledAsync(trial, () => store.TryDeleteAsync(entry.Subject, entry.Version, Cancelled)).ConfigureAwait(false);
        await trial.ExpectStoredAsync(store, entry).ConfigureAwait(false);
    }

    [SuppressMessage("Reliability", "CA2012", Justification = "Awaited once, here.")]
    private static async Task ExpectCancelledAsync<T>(Trial trial, Func<ValueTask<T>> call)
    {
        try
        {
            await call().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        throw trial.Broken("It returned a result.");
    }
}
