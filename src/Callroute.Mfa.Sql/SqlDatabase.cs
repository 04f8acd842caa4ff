using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Transactions;

namespace Callroute.Mfa.Sql;

/// <summary>Runs statements, each on its own connection.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle is never used holds nothing to dispose.")]
internal sealed class SqlDatabase
{
    private const int MaximumTries = 3;

    private readonly DbDataSource _dataSource;
    private readonly string? _writeSetting;
    private readonly string _prefix;
    private readonly TimeSpan _timeout;
    private readonly bool _prepares;
    private readonly SemaphoreSlim? _writer;

    public SqlDatabase(DbDataSource dataSource, SqlDialect dialect, SqlMfaStoreOptions options)
    {
        _timeout = options.CommandTimeout;
        if (_timeout.TotalSeconds is < 1 or > 60 || _timeout.TotalSeconds % 1 != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                $"{nameof(SqlMfaStoreOptions)}.{nameof(SqlMfaStoreOptions.CommandTimeout)} must be 1–60 whole seconds, was {_timeout}.");
        }

        _dataSource = dataSource;
        _writeSetting = dialect.GetWriteSetting(_timeout);
        _prefix = dialect.Prefix;
        _prepares = options.PrepareStatements && dialect.KeepsPreparedStatements;
        _writer = dialect.HasOneWriter ? new SemaphoreSlim(1) : null;
    }

    public async Task<T> ReadAsync<T>(
        string statement,
        Action<DbCommand> bind,
        Func<DbDataReader, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return await RunAsync(connection, statement, bind, read, cancellationToken).ConfigureAwait(false);
            }
            catch (DbException exception) when (tries < MaximumTries && SqlFault.IsWorthReadingAgain(exception))
            {
                // Retry on another connection: a pooled connection was dead, or the read was rolled back in favour of another transaction.
                // Failures to open a connection are not retried, because each may take a whole time-out.
            }
        }
    }

    /// <summary>Runs a statement that writes, and reads its answer.</summary>
    public async Task<T> WriteAsync<T>(
        string statement,
        Action<DbCommand> bind,
        Func<DbDataReader, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            await WaitForTurnAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                var connection = await OpenToWriteAsync(cancellationToken).ConfigureAwait(false);
                return await WriteInTime.RunAsync(
                    () => RunAsync(connection, statement, bind, read, cancellationToken), _timeout, cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (DbException exception) when (tries < MaximumTries && SqlFault.IsRolledBack(exception))
            {
                // The statement changed nothing. Under SERIALIZABLE it may have lost to writes of other subjects, so try again.
            }
            finally
            {
                _writer?.Release();
            }
        }
    }

    /// <summary>Runs statements that write and return nothing.</summary>
    public Task ExecuteAsync(string statements, CancellationToken cancellationToken) =>
        WriteAsync(statements, _ => { }, (_, _) => Task.FromResult(true), cancellationToken);

    // The driver of SQLite blocks its thread while it waits for a lock. The caller must not: the bound on its call could not end the wait.
    private Task<T> RunAsync<T>(
        DbConnection connection,
        string statement,
        Action<DbCommand> bind,
        Func<DbDataReader, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken) => _writer is null
            ? RunHereAsync(connection, statement, bind, read, cancellationToken)
            : Task.Run(() => RunHereAsync(connection, statement, bind, read, cancellationToken), CancellationToken.None);

    private async Task<T> RunHereAsync<T>(
        DbConnection connection,
        string statement,
        Action<DbCommand> bind,
        Func<DbDataReader, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
    {
        await using (connection.ConfigureAwait(false))
        {
            using var command = await CreateCommandAsync(connection, statement, bind, cancellationToken).ConfigureAwait(false);
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var result = await read(reader, cancellationToken).ConfigureAwait(false);
                while (await reader.NextResultAsync(cancellationToken).ConfigureAwait(false))
                {
                    // PostgreSQL commits after it has sent the rows: a driver may report the error of a commit, or of a later statement,
                    // only here.
                }

                return result;
            }
        }
    }

    private async Task WaitForTurnAsync(CancellationToken cancellationToken)
    {
        if (_writer is not null && !await _writer.WaitAsync(_timeout, cancellationToken).ConfigureAwait(false))
        {
            throw new TimeoutException("Other writers of this process kept the database busy for longer than CommandTimeout.");
        }
    }

    private async Task<DbConnection> OpenToWriteAsync(CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(cancellationToken).ConfigureAwait(false);
        if (_writeSetting is not null)
        {
            await SetAsync(connection, _writeSetting, cancellationToken).ConfigureAwait(false);
        }

        return connection;
    }

    // Stay outside the caller's transaction: if the caller rolls back, the failed attempt must stay counted.
    private async ValueTask<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        using var outside = Transaction.Current is null
            ? null
            : new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);
        return await _dataSource.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
    }

    // Use a separate command: the SQLite driver ignores errors of statements that follow a statement with a result.
    private async Task SetAsync(DbConnection connection, string setting, CancellationToken cancellationToken)
    {
        try
        {
            using var command = await CreateCommandAsync(connection, setting, _ => { }, cancellationToken).ConfigureAwait(false);
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    [SuppressMessage("Security", "CA2100", Justification = "Statements come from SqlStatements, which validates the only variable part.")]
    private async Task<DbCommand> CreateCommandAsync(
        DbConnection connection, string statement, Action<DbCommand> bind, CancellationToken cancellationToken)
    {
        var command = connection.CreateCommand();
        command.CommandText = _prefix + statement;
        command.CommandTimeout = (int)_timeout.TotalSeconds;
        bind(command);
        if (_prepares)
        {
            await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
        }

        return command;
    }
}
