using System.Diagnostics.CodeAnalysis;
using System.Transactions;

namespace Callroute.Mfa.Testing.Conformance;

/// <summary>A caller's transaction that is rolled back takes no answered write with it.</summary>
internal static class TransactionCases
{
    public static IReadOnlyList<StoreConformanceCase> All { get; } =
    [
        new(nameof(AmbientTransaction_RolledBack_KeepsTheCreate), "A create answered within a caller's transaction stays when that is rolled back; a store that cannot do so throws.", AmbientTransaction_RolledBack_KeepsTheCreate),
        new(nameof(AmbientTransaction_RolledBack_KeepsTheSwap), "A swap answered within a caller's transaction stays when that is rolled back; a store that cannot do so throws.", AmbientTransaction_RolledBack_KeepsTheSwap),
        new(nameof(AmbientTransaction_RolledBack_KeepsTheDelete), "A delete answered within a caller's transaction stays when that is rolled back; a store that cannot do so throws.", AmbientTransaction_RolledBack_KeepsTheDelete),
        new(nameof(AmbientTransaction_Open_HidesNoWrite), "A write answered within a caller's transaction is seen by others before that ends; a store that cannot do so throws.", AmbientTransaction_Open_HidesNoWrite),
    ];

    private static async Task AmbientTransaction_RolledBack_KeepsTheCreate(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var entry = Entry.New();
        if (await IsTrueInRollbackAsync(trial, () => trial.TryCreateAsync(store, entry)).ConfigureAwait(false))
        {
            await trial.ExpectStoredAsync(store, entry).ConfigureAwait(false);
        }
    }

    private static async Task AmbientTransaction_RolledBack_KeepsTheSwap(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var entry = await trial.CreateNewAsync(store).ConfigureAwait(false);
        var next = entry.Next();
        if (await IsTrueInRollbackAsync(trial, () => trial.TrySwapAsync(store, entry.Version, next)).ConfigureAwait(false))
        {
            await trial.ExpectStoredAsync(store, next).ConfigureAwait(false);
        }
    }

    private static async Task AmbientTransaction_RolledBack_KeepsTheDelete(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var entry = await trial.CreateNewAsync(store).ConfigureAwait(false);
        if (await IsTrueInRollbackAsync(trial, () => trial.TryDeleteAsync(store, entry)).ConfigureAwait(false))
        {
            await trial.ExpectNothingAsync(store, entry.Subject).ConfigureAwait(false);
        }
    }

    private static async Task AmbientTransaction_Open_HidesNoWrite(Trial trial)
    {
        var (store, other) = (await trial.OpenAsync().ConfigureAwait(false), await trial.OpenAsync().ConfigureAwait(false));
        var entry = Entry.New();
        using var transaction = NewTransaction();
        if (await IsTrueAsync(trial, () => trial.TryCreateAsync(store, entry)).ConfigureAwait(false))
        {
            using var outside = new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);
            await trial.ExpectStoredAsync(other, entry).ConfigureAwait(false);
        }
    }

    private static async Task<bool> IsTrueInRollbackAsync(Trial trial, Func<Task<bool>> write)
    {
        using var transaction = NewTransaction();
        return await IsTrueAsync(trial, write).ConfigureAwait(false);
    }

    [SuppressMessage("Design", "CA1031", Justification = "A store may throw what it likes where it cannot stay out of the transaction.")]
    private static async Task<bool> IsTrueAsync(Trial trial, Func<Task<bool>> write)
    {
        bool isWritten;
        try
        {
            isWritten = await write().ConfigureAwait(false);
        }
        catch (Exception)
        {
            return false;
        }

        return isWritten ? true : throw trial.Broken("It was answered with false, though nobody else wrote.");
    }

    // Never completed, so that disposing it rolls back.
    private static TransactionScope NewTransaction() => new(TransactionScopeOption.RequiresNew, TransactionScopeAsyncFlowOption.Enabled);
}
