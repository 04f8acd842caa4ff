using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>Puts the writers of one process in a queue, has every write synced to the disk, and lets SQLite itself wait for those of others: its driver would block a thread each and try again every 150 ms.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for has nothing to dispose.")]
internal sealed class SqliteWriters(TimeSpan timeout)
{
    private readonly SemaphoreSlim _turn = new(1);

    // A pooled connection keeps what its last user set. The first statement fails inside a transaction that was left open there.
    private readonly string _settings = string.Create(CultureInfo.InvariantCulture, $"PRAGMA synchronous = EXTRA; PRAGMA busy_timeout = {timeout.TotalMilliseconds}");

    public async Task<T> RunAsync<T>(DbContext context, Func<Task<T>> write, CancellationToken cancellationToken)
    {
        if (!await _turn.WaitAsync(timeout, cancellationToken).ConfigureAwait(false))
        {
            throw new TimeoutException($"Other writers of this process held the database for longer than {nameof(EntityFrameworkMfaStoreOptions.CommandTimeout)}.");
        }

        try
        {
            await OpenAsync(context, cancellationToken).ConfigureAwait(false);
            return await write().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    // The context closes the connection when it is disposed.
    [SuppressMessage("Security", "CA2100", Justification = "The statement holds a number only.")]
    private async Task OpenAsync(DbContext context, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = _settings;
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
