using System.Diagnostics.CodeAnalysis;
using System.Transactions;

namespace Callroute.Mfa.Testing.Conformance;

/// <summary>Cases for ambient transactions: rolling back the caller's transaction must not undo an acknowledged write.</summary>
internal static class TransactionCases
{
    public static IReadOnlyList<StoreConformanceCase> All { get; } =
    [
        new(
            "A create inside a caller's transaction survives its rollback, or the store throws.",
            AmbientTransaction_RolledBack_KeepsTheCreate),
        new(
            "A replacement inside a caller's transaction survives its rollback, or the store throws.",
            AmbientTransaction_RolledBack_KeepsTheReplacement),
        new(
            "A delete inside a caller's transaction survives its rollback, or the store throws.",
            AmbientTransaction_RolledBack_KeepsTheDelete),
        new("Others see a write inside a caller's transaction before it ends, or the store throws.", AmbientTransaction_Open_HidesNoWrite),
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

    private static async Task AmbientTransaction_RolledBack_KeepsTheReplacement(Trial trial)
    {
        var store = await trial.OpenAsync().ConfigureAwait(false);
        var entry = await trial.CreateNewAsync(store).ConfigureAwait(false);
        var next = entry.Next();
        if (await IsTrueInRollbackAsync(trial, () => trial.TryReplaceAsync(store, entry.Version, next)).ConfigureAwait(false))
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

    [SuppressMessage("Design", "CA1031", Justification = "A store that cannot stay outside the transaction may throw any exception.")]
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

        return isWritten ? true : throw trial.Broken("It returned false although nobody else wrote.");
    }

    // The scope is never completed, so disposing it rolls back.
    private static TransactionScope NewTransaction() => new(TransactionScopeOption.RequiresNew, TransactionScopeAsyncFlowOption.Enabled);
}
