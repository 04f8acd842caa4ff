using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Transactions;
using Callroute.Mfa.Sql;
using Callroute.Mfa.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>Stores documents in a table of the application's own <see cref="DbContext"/>, or of <see cref="MfaDbContext"/>.</summary>
/// <remarks>
/// <para>Thread-safe. Every operation creates a context, with its own connection and outside any ambient transaction: if the caller
/// rolls back, a failed attempt stays counted. A write is one statement with the version in its predicate. It bypasses the change
/// tracker: the store never calls <see cref="DbContext.SaveChanges()"/>, and query filters do not apply.</para>
/// <para>A serialization failure or a deadlock of a write (SQLSTATE 40001, 40P01) counts as a conflict: the write returns false. Other
/// exceptions of the driver reach the caller, including SQLite's "database is locked". <see cref="MfaService"/> then returns
/// <see cref="RefusalReason.Unavailable"/>.</para>
/// </remarks>
/// <typeparam name="TContext">
/// A context whose model contains <see cref="MfaRecordRow"/>, added by <see cref="MfaModelBuilderExtensions.AddCallrouteMfa"/>.
/// </typeparam>
public sealed class EntityFrameworkMfaStore<TContext> : IMfaStore, IMfaStoreScan, IMfaStoreCheck
    where TContext : DbContext
{
    private const int Tries = 3;
    private const int ScanPage = 500;

    private readonly IDbContextFactory<TContext> _contexts;
    private readonly TimeSpan _commandTimeout;
    private readonly SqliteWriters _sqliteWriters;

    // A compiled query belongs to one model, and a context type may have several models.
    private readonly ConditionalWeakTable<IModel, RecordTable<TContext>> _tables = [];

    /// <summary>Creates a store without connecting to the database.</summary>
    /// <param name="contexts">Creates contexts that each open their own connection. It may be a pooled factory.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="contexts"/> is null.</exception>
    public EntityFrameworkMfaStore(IDbContextFactory<TContext> contexts, EntityFrameworkMfaStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        _contexts = contexts;
        _commandTimeout = (options ?? new EntityFrameworkMfaStoreOptions()).CommandTimeout;
        _sqliteWriters = new SqliteWriters(_commandTimeout);
    }

    /// <summary>Checks that the table can be read and written, and that the server keeps what it acknowledges.</summary>
    /// <remarks>Call it when the application starts and in health checks. It changes nothing.</remarks>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Warnings about settings of the server, each with its remedy; empty if there are none.</returns>
    /// <exception cref="InvalidOperationException">
    /// The database cannot be reached or is read-only, the table is missing or another one, this user lacks a right, or the store cannot
    /// use the context. The message says which, and what to do.
    /// </exception>
    /// <exception cref="NotSupportedException">
    /// The server acknowledges writes before they are durable (PostgreSQL: <c>synchronous_commit</c> is off; MariaDB and
    /// MySQL: <c>innodb_flush_log_at_trx_commit</c> is not 1), so that a used code works again after a crash.
    /// </exception>
    public Task<IReadOnlyList<string>> CheckTableAsync(CancellationToken cancellationToken = default) => RunAsync(
        async (context, table) =>
        {
            try
            {
                await table.CheckAsync(context, cancellationToken).ConfigureAwait(false);
                return ServerSettings.Check(await table.ReadSettingsAsync(context, cancellationToken).ConfigureAwait(false));
            }
            catch (DbException fault)
            {
                throw DatabaseDiagnosis.Explain(fault, table.Name, $"Add it with a migration of {typeof(TContext).Name}, and apply it.");
            }
        },
        cancellationToken);

    /// <inheritdoc/>
    Task<IReadOnlyList<string>> IMfaStoreCheck.CheckAsync(CancellationToken cancellationToken) => CheckTableAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default)
    {
        var key = KeyOf(subject);
        var found = await ReadAsync(
            (context, table) => table.FindAsync(context, key, cancellationToken),
            cancellationToken).ConfigureAwait(false);
        return found?.ToStoredRecord();
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryWriteAsync(
        MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        var (key, written) = (KeyOf(subject), new RowContent(newVersion.ToString("N"), document.ToArray()));
        return await WriteAsync(
            (context, table) => expected is { } replaced
                ? table.UpdateAsync(context, key, written, replaced.ToString("N"), cancellationToken)
                : CreateAsync(context, table, key, written, cancellationToken),
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default)
    {
        var key = KeyOf(subject);
        return await WriteAsync(
            (context, table) => table.DeleteAsync(context, key, expected.ToString("N"), cancellationToken),
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>Reads pages of 500 in key order and holds no connection between the pages.</remarks>
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

    // A key column cannot be null. Store the empty string for no tenant; no tenant has an empty name.
    private static RowKey KeyOf(MfaSubject subject) =>
        new(subject.Tenant ?? "", subject.UserId ?? throw new ArgumentException("The subject must have a user id.", nameof(subject)));

    private static async Task<int> CreateAsync(
        TContext context, RecordTable<TContext> table, RowKey key, RowContent written, CancellationToken cancellationToken)
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
            // If the row of another writer exists, the key was a duplicate. If there is no row, or if the row is ours, something else
            // failed.
            var found = await table.FindAsync(context, key, cancellationToken).ConfigureAwait(false);
            if (found is null || found.Version == written.Version)
            {
                throw;
            }

            return 0;
        }
    }

    // Not inlined into the iterator: a transaction scope must not stay open across a yield.
    [SuppressMessage("Globalization", "CA1309", Justification = "The database compares, in the order of the column.")]
    private Task<List<RowKey>> NextPageAsync(string tenant, string userId, CancellationToken cancellationToken) => ReadAsync(
        async (context, _) =>
        {
            var rows = context.Set<MfaRecordRow>().IgnoreQueryFilters();

            // Two ranges: no engine uses its index for the single condition "later tenant, or same tenant and later user".
            var sameTenant = rows.Where(row => row.Tenant == tenant && string.Compare(row.UserId, userId) > 0);
            var laterTenants = rows.Where(row => string.Compare(row.Tenant, tenant) > 0);
            var page = await ToPageAsync(sameTenant, cancellationToken).ConfigureAwait(false);
            return page.Count > 0 ? page : await ToPageAsync(laterTenants, cancellationToken).ConfigureAwait(false);
        },
        cancellationToken);

    private static Task<List<RowKey>> ToPageAsync(IQueryable<MfaRecordRow> rows, CancellationToken cancellationToken) =>
        rows.OrderBy(row => row.Tenant)
            .ThenBy(row => row.UserId)
            .Take(ScanPage)
            .Select(row => new RowKey(row.Tenant, row.UserId))
            .ToListAsync(cancellationToken);

    private async Task<T> ReadAsync<T>(Func<TContext, RecordTable<TContext>, Task<T>> read, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await RunAsync(read, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (tries < Tries && DatabaseFailure.IsWorthReadingAgain(exception))
            {
                // Retry on another connection: a pooled connection was dead, or the read was rolled back in favour of another transaction.
            }
        }
    }

    private async Task<bool> WriteAsync(Func<TContext, RecordTable<TContext>, Task<int>> write, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await WriteOnceAsync(write, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (DatabaseFailure.IsConflict(exception))
            {
                // The statement changed nothing. Under SERIALIZABLE it may have lost to writes of other subjects, so try again.
                if (tries == Tries)
                {
                    return false;
                }
            }
        }
    }

    private async Task<bool> WriteOnceAsync(
        Func<TContext, RecordTable<TContext>, Task<int>> write, CancellationToken cancellationToken)
    {
        var rows = await RunAsync(
            (context, table) =>
            {
                Task<int> WriteAsync() => WriteInTime.RunAsync(() => write(context, table), _commandTimeout, cancellationToken);
                return table.IsSqlite ? _sqliteWriters.RunAsync(context, WriteAsync, cancellationToken) : WriteAsync();
            },
            cancellationToken).ConfigureAwait(false);
        return rows <= 1
            ? rows == 1
            : throw new InvalidOperationException(
                $"The table of {nameof(MfaRecordRow)} has no primary key: one subject has {rows} rows.");
    }

    private async Task<T> RunAsync<T>(Func<TContext, RecordTable<TContext>, Task<T>> run, CancellationToken cancellationToken)
    {
        using var outside = Transaction.Current is null
            ? null
            : new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);
        var context = await _contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using (context.ConfigureAwait(false))
        {
            FreshContext.Check(context);
            context.Database.SetCommandTimeout(_commandTimeout);
            var table = _tables.GetValue(context.Model, _ => new(context));

            // The driver of SQLite blocks its thread while it waits for a lock. The caller must not: the bound on its call could not end
            // the wait.
            return await (table.IsSqlite ? Task.Run(() => run(context, table), CancellationToken.None) : run(context, table))
                .ConfigureAwait(false);
        }
    }
}
