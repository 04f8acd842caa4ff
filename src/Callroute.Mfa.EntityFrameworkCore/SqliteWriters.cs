using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>Queues the writers of one process and has every write synced to the disk.</summary>
/// <remarks>
/// SQLite itself waits for the writers of other processes. The driver would block one thread per writer and retry only every 150 ms.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle is never used holds nothing to dispose.")]
internal sealed class SqliteWriters(TimeSpan timeout)
{
    private readonly SemaphoreSlim _turn = new(1);

    // Set both on every write, because a pooled connection keeps the settings of its last user. The first statement fails if that user
    // left a transaction open.
    private readonly string _settings = string.Create(
        CultureInfo.InvariantCulture, $"PRAGMA synchronous = EXTRA; PRAGMA busy_timeout = {timeout.TotalMilliseconds}");

    public async Task<T> RunAsync<T>(DbContext context, Func<Task<T>> write, CancellationToken cancellationToken)
    {
        if (!await _turn.WaitAsync(timeout, cancellationToken).ConfigureAwait(false))
        {
            throw new TimeoutException(
                "Other writers of this process kept the database busy for longer than"
                + $" {nameof(EntityFrameworkMfaStoreOptions.CommandTimeout)}.");
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
    [SuppressMessage("Security", "CA2100", Justification = "The only variable part of the statement is a number.")]
    private async Task OpenAsync(DbContext context, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = _settings;
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
