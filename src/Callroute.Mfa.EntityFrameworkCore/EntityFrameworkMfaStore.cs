using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Transactions;
using Callroute.Mfa.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>Keeps documents in a table of an application's own <see cref="DbContext"/>, or of <see cref="MfaDbContext"/>.</summary>
/// <remarks>
/// <para>Thread-safe. Every operation takes a new context from the factory, and with it a connection of its own outside any
/// ambient transaction: a failed attempt stays counted where the caller rolls back. It is one statement with the version
/// in its predicate, past the change tracker: <see cref="DbContext.SaveChanges()"/> is never called, query filters do not
/// apply.</para>
/// <para>A serialization failure or a deadlock on a write (SQLSTATE 40001, 40P01) is a lost swap; other exceptions of the
/// driver, SQLite's "database is locked" among them, surface, and <see cref="MfaService"/> then answers "unavailable".</para>
/// </remarks>
/// <typeparam name="TContext">A context whose model has <see cref="MfaRecordRow"/>, by <see cref="MfaModelBuilderExtensions.AddCallrouteMfa"/>.</typeparam>
public sealed class EntityFrameworkMfaStore<TContext> : IMfaStore, IMfaStoreScan
    where TContext : DbContext
{
    private const int ReadTries = 3;
    private const int ScanPage = 500;

    private readonly IDbContextFactory<TContext> _contexts;
    private readonly TimeSpan _commandTimeout;

    private readonly SqliteWriters _sqliteWriters;

    // A compiled query belongs to one model, and one type of context may have several.
    private readonly ConditionalWeakTable<IModel, RecordTable<TContext>> _tables = [];

    /// <summary>Makes a store.</summary>
    /// <param name="contexts">Makes contexts that each open a connection of their own; a pooled factory is fine.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    public EntityFrameworkMfaStore(IDbContextFactory<TContext> contexts, EntityFrameworkMfaStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        _contexts = contexts;
        _commandTimeout = (options ?? new EntityFrameworkMfaStoreOptions()).CommandTimeout;
        _sqliteWriters = new SqliteWriters(_commandTimeout);
    }

    /// <summary>Checks at start that the database can be opened and has the table with its columns; it changes nothing.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">The database cannot be opened, the table is missing or lacks a column, or the context is not fit for the store; the message says which.</exception>
    public Task CheckTableAsync(CancellationToken cancellationToken = default) => RunAsync(
        async (context, table) =>
        {
            await ExplainAsync($"The database of {typeof(TContext).Name} cannot be opened: see the inner exception, and the connection string.", () => context.Database.OpenConnectionAsync(cancellationToken)).ConfigureAwait(false);
            await ExplainAsync($"The table {table.Name} cannot be read: it is missing, lacks a column, or may not be read by this user. Add it with a migration of {typeof(TContext).Name}.", () => table.FindAsync(context, "", "", cancellationToken)).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default)
    {
        var key = KeyOf(subject);
        var found = await ReadAsync((context, table) => table.FindAsync(context, key.Tenant, key.UserId, cancellationToken), cancellationToken).ConfigureAwait(false);
        return found?.ToStoredRecord();
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryWriteAsync(MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        var (key, written) = (KeyOf(subject), new RowContent(newVersion.ToString("N"), document.ToArray()));
        return await WriteAsync(
            (context, table) => expected is { } replaced
                ? ReplaceAsync(Rows(context, key, replaced), written, cancellationToken)
                : CreateAsync(context, table, key, written, cancellationToken),
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default)
    {
        var key = KeyOf(subject);
        return await WriteAsync((context, _) => Rows(context, key, expected).ExecuteDeleteAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>It reads pages of 500 in the order of the key, each by a context of its own, so that no connection is held while the caller works on them.</remarks>
    public async IAsyncEnumerable<MfaSubject> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (tenant, userId) = ("", "");
        while (await NextPageAsync(tenant, userId, cancellationToken).ConfigureAwait(false) is [.., var last] page)
        {
            foreach (var key in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return new MfaSubject(key.UserId, key.Tenant.Length == 0 ? null : key.Tenant);
            }

            (tenant, userId) = last;
        }
    }

    // A subject without a tenant has the empty one, which no tenant can be: a key may not hold null.
    private static RowKey KeyOf(MfaSubject subject) =>
        new(subject.Tenant ?? "", subject.UserId ?? throw new ArgumentException("Must have a user id.", nameof(subject)));

    private static IQueryable<MfaRecordRow> Rows(TContext context, RowKey key, Guid expected)
    {
        var version = expected.ToString("N");
        return context.Set<MfaRecordRow>().IgnoreQueryFilters().Where(row => row.Tenant == key.Tenant && row.UserId == key.UserId && row.Version == version);
    }

    private static Task<int> ReplaceAsync(IQueryable<MfaRecordRow> rows, RowContent written, CancellationToken cancellationToken) =>
        rows.ExecuteUpdateAsync(set => set.SetProperty(row => row.Document, written.Document).SetProperty(row => row.Version, written.Version), cancellationToken);

    private static async Task<int> CreateAsync(TContext context, RecordTable<TContext> table, RowKey key, RowContent written, CancellationToken cancellationToken)
    {
        try
        {
            return await table.InsertAsync(context, key, written, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (DatabaseFailure.IsDuplicate(exception))
        {
            return 0;
        }
        catch (Exception exception) when (!table.CountsDuplicates && DatabaseFailure.IsWithoutState(exception))
        {
            // Another's row there is what a duplicate key leaves. With no row, or our own, something else went wrong.
            var found = await table.FindAsync(context, key.Tenant, key.UserId, cancellationToken).ConfigureAwait(false);
            if (found is null || found.Version == written.Version)
            {
                throw;
            }

            return 0;
        }
    }

    private static async Task ExplainAsync(string message, Func<Task> run)
    {
        try
        {
            await run().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new InvalidOperationException(message, exception);
        }
    }

    // A scope cannot span what an iterator yields, so a page is read by a method that is none.
    [SuppressMessage("Globalization", "CA1309", Justification = "The database compares, by the column's own order.")]
    private Task<List<RowKey>> NextPageAsync(string tenant, string userId, CancellationToken cancellationToken) => ReadAsync(
        async (context, _) =>
        {
            var rows = context.Set<MfaRecordRow>().IgnoreQueryFilters();

            // Two ranges, as no engine finds the one condition "tenant, then user" by its index.
            var page = await ToPageAsync(rows.Where(row => row.Tenant == tenant && string.Compare(row.UserId, userId) > 0), cancellationToken).ConfigureAwait(false);
            return page.Count > 0 ? page : await ToPageAsync(rows.Where(row => string.Compare(row.Tenant, tenant) > 0), cancellationToken).ConfigureAwait(false);
        },
        cancellationToken);

    private static Task<List<RowKey>> ToPageAsync(IQueryable<MfaRecordRow> rows, CancellationToken cancellationToken) =>
        rows.OrderBy(row => row.Tenant).ThenBy(row => row.UserId).Take(ScanPage).Select(row => new RowKey(row.Tenant, row.UserId)).ToListAsync(cancellationToken);

    private async Task<T> ReadAsync<T>(Func<TContext, RecordTable<TContext>, Task<T>> read, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await RunAsync(read, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (tries < ReadTries && DatabaseFailure.IsWorthReadingAgain(exception))
            {
                // A transaction that lost to another, or a connection of the pool that died: the next one is fresh.
            }
        }
    }

    private async Task<bool> WriteAsync(Func<TContext, RecordTable<TContext>, Task<int>> write, CancellationToken cancellationToken)
    {
        try
        {
            var rows = await RunAsync(
                (context, table) => table.IsSqlite ? _sqliteWriters.RunAsync(context, () => write(context, table), cancellationToken) : write(context, table),
                cancellationToken).ConfigureAwait(false);
            return rows <= 1 ? rows == 1 : throw new InvalidOperationException($"The table of {nameof(MfaRecordRow)} has no primary key: one subject has {rows} rows.");
        }
        catch (Exception exception) when (DatabaseFailure.IsConflict(exception))
        {
            return false;
        }
    }

    private async Task<T> RunAsync<T>(Func<TContext, RecordTable<TContext>, Task<T>> run, CancellationToken cancellationToken)
    {
        using var outside = Transaction.Current is null ? null : new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);
        var context = await _contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using (context.ConfigureAwait(false))
        {
            FreshContext.Check(context);
            context.Database.SetCommandTimeout(_commandTimeout);
            return await run(context, _tables.GetValue(context.Model, _ => new(context))).ConfigureAwait(false);
        }
    }
}
