using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Sql;

/// <summary>Stores records in one table of a relational database, through any ADO.NET data source.</summary>
/// <remarks>
/// Thread-safe: create one per application. Every operation is one statement on its own connection, outside the caller's ambient
/// transaction. A write has the expected version in its predicate, so it is correct at every isolation level. The data source must
/// connect to the primary.
/// </remarks>
public sealed class SqlMfaStore : IMfaStore, IMfaStoreScan, IMfaStoreCheck
{
    private const int PageSize = 1000;

    private readonly SqlDialect _dialect;
    private readonly SqlMfaStoreOptions _options;
    private readonly SqlStatements _statements;
    private readonly SqlDatabase _database;

    /// <summary>Creates a store without connecting to the database.</summary>
    /// <param name="dataSource">
    /// The source of connections, such as an <c>NpgsqlDataSource</c>, or for SQLite
    /// <c>SqliteFactory.Instance.CreateDataSource("Data Source=mfa.db")</c>. The caller owns and disposes it.
    /// </param>
    /// <param name="dialect">The engine of the database.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentNullException">The data source or the dialect is null.</exception>
    /// <exception cref="ArgumentException">An option is outside its range; the message names it and the range.</exception>
    public SqlMfaStore(DbDataSource dataSource, SqlDialect dialect, SqlMfaStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        ArgumentNullException.ThrowIfNull(dialect);
        _dialect = dialect;
        _options = options ?? new SqlMfaStoreOptions();
        _statements = new SqlStatements(dialect, _options.TableName);
        _database = new SqlDatabase(dataSource, dialect, _options);
    }

    /// <summary>Creates the table if it does not exist and checks it. On SQLite it also switches the file to WAL mode.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>A task that completes when the table exists.</returns>
    /// <exception cref="InvalidOperationException">
    /// The database cannot be reached, does not let this user create tables, has another table of that name, or is SQLite's
    /// <c>:memory:</c>, which is a separate database for every connection. The message says which, and what to do.
    /// </exception>
    /// <exception cref="NotSupportedException">A setting lets codes work twice; see <see cref="CheckTableAsync"/>.</exception>
    public async Task CreateTableAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await _database.ExecuteAsync(_statements.Create, cancellationToken).ConfigureAwait(false);
        }
        catch (DbException exception)
        {
            // Another node may have created the table at the same moment.
            if (await FindFaultAsync(cancellationToken).ConfigureAwait(false) is not null)
            {
                throw Explain(exception);
            }
        }

        await CheckTableAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Checks that the table can be read and written, and that the server keeps what it acknowledges.</summary>
    /// <remarks>Call it when the application starts and in health checks. It changes nothing.</remarks>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Warnings about settings of the server, each with its remedy; empty if there are none.</returns>
    /// <exception cref="InvalidOperationException">
    /// The database cannot be reached or is read-only, the table is missing or another one, or this user lacks a right. The message says
    /// which, and what to do.
    /// </exception>
    /// <exception cref="NotSupportedException">
    /// The server acknowledges writes before they are durable (PostgreSQL: <c>synchronous_commit</c> is off; MariaDB and
    /// MySQL: <c>innodb_flush_log_at_trx_commit</c> is not 1), so that a used code works again after a crash.
    /// </exception>
    public async Task<IReadOnlyList<string>> CheckTableAsync(CancellationToken cancellationToken = default)
    {
        if (await FindFaultAsync(cancellationToken).ConfigureAwait(false) is { } fault)
        {
            throw Explain(fault);
        }

        return _dialect.Settings is null
            ? []
            : ServerSettings.Check(
                await _database.ReadAsync(_dialect.Settings, _ => { }, ReadSettingsAsync, cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    Task<IReadOnlyList<string>> IMfaStoreCheck.CheckAsync(CancellationToken cancellationToken) => CheckTableAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default)
    {
        var (tenant, userId) = KeyOf(subject);
        return new(_database.ReadAsync(
            _statements.Find.Text,
            command => AddKeys(command, tenant, userId),
            (reader, token) => ReadRecordAsync(reader, new(reader, _statements.Find, _dialect, tenant, userId), token),
            cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryWriteAsync(
        MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        var statement = expected is null ? _statements.Insert : _statements.Update;
        return TryAsync(
            statement,
            subject,
            newVersion,
            command =>
            {
                AddVersion(command, "@version", newVersion);
                Add(command, "@document", DbType.Binary, document.ToArray());
                if (expected is { } version)
                {
                    AddVersion(command, "@expected", version);
                }
                else
                {
                    Add(command, "@statement", DbType.String, statement.Name);
                }
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) =>
        TryAsync(_statements.Delete, subject, expected, command => AddVersion(command, "@expected", expected), cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Reads pages of 1,000 in key order and holds no connection between the pages.</remarks>
    public async IAsyncEnumerable<MfaSubject> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (tenant, userId) = (string.Empty, string.Empty);
        List<MfaSubject> page;
        do
        {
            page = await ReadPageAsync(tenant, userId, cancellationToken).ConfigureAwait(false);
            foreach (var subject in page)
            {
                (tenant, userId) = KeyOf(subject);
                yield return subject;
            }
        }
        while (page.Count == PageSize);
    }

    // A key column cannot be null. Store the empty string for no tenant; no tenant has an empty name.
    private static (string Tenant, string UserId) KeyOf(MfaSubject subject) =>
        (
            subject.Tenant ?? string.Empty,
            subject.UserId ?? throw new ArgumentException("The subject must have a user id.", nameof(subject)));

    private static async Task<StoredRecord?> ReadRecordAsync(DbDataReader reader, SqlAnswer answer, CancellationToken cancellationToken)
    {
        await answer.ReadFirstAsync(cancellationToken).ConfigureAwait(false);
        if (await reader.IsDBNullAsync(SqlAnswer.FirstColumn, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        var document = await reader.GetFieldValueAsync<byte[]>(SqlAnswer.FirstColumn + 1, cancellationToken).ConfigureAwait(false);
        return new StoredRecord(document, SqlAnswer.ReadVersion(reader.GetValue(SqlAnswer.FirstColumn)));
    }

    private static async Task<Dictionary<string, string>> ReadSettingsAsync(DbDataReader reader, CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            settings[reader.GetString(0)] = reader.GetString(1);
        }

        return settings;
    }

    private static void AddVersion(DbCommand command, string name, Guid version) =>
        Add(command, name, DbType.String, version.ToString("N"));

    private static void Add(DbCommand command, string name, DbType type, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.DbType, parameter.Value) = (name, type, value);
        command.Parameters.Add(parameter);
    }

    private async Task<DbException?> FindFaultAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _database.ExecuteAsync(_statements.Check, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (DbException fault)
        {
            return fault;
        }
    }

    private InvalidOperationException Explain(DbException fault) => DatabaseDiagnosis.Explain(
        fault,
        _options.TableName,
        $"Create it with {nameof(CreateTableAsync)} or with the statement of"
        + $" {nameof(SqlDialect)}.{nameof(SqlDialect.GetCreateTableStatement)}."
        + (_dialect == SqlDialect.Sqlite
            ? " If it was created just now, the data source is ':memory:', in which every connection has a database of its own:"
            + " name a file."
            : string.Empty));

    private Task<List<MfaSubject>> ReadPageAsync(string tenant, string userId, CancellationToken cancellationToken) => _database.ReadAsync(
        _statements.Scan.Text,
        command =>
        {
            AddKeys(command, tenant, userId);
            Add(command, "@count", DbType.Int32, PageSize);
        },
        (reader, token) => ReadSubjectsAsync(reader, new(reader, _statements.Scan, _dialect, tenant, userId), token),
        cancellationToken);

    private async Task<List<MfaSubject>> ReadSubjectsAsync(DbDataReader reader, SqlAnswer answer, CancellationToken cancellationToken)
    {
        var subjects = new List<MfaSubject>();
        await answer.ReadFirstAsync(cancellationToken).ConfigureAwait(false);
        if (await reader.IsDBNullAsync(SqlAnswer.FirstColumn, cancellationToken).ConfigureAwait(false))
        {
            return subjects;
        }

        do
        {
            var tenant = _dialect.ReadKey(reader, SqlAnswer.FirstColumn);
            subjects.Add(new MfaSubject(_dialect.ReadKey(reader, SqlAnswer.FirstColumn + 1), tenant.Length == 0 ? null : tenant));
        }
        while (await answer.ReadNextAsync(cancellationToken).ConfigureAwait(false));

        return subjects;
    }

    private void AddKeys(DbCommand command, string tenant, string userId)
    {
        AddKey(command, "@tenant", tenant);
        AddKey(command, "@user_id", userId);
    }

    private void AddKey(DbCommand command, string name, string text) =>
        Add(command, name, _dialect.KeyEncoding is null ? DbType.String : DbType.Binary, _dialect.ToKey(text));

    private async ValueTask<bool> TryAsync(
        SqlStatement statement, MfaSubject subject, Guid version, Action<DbCommand> bind, CancellationToken cancellationToken)
    {
        var (tenant, userId) = KeyOf(subject);
        try
        {
            var rows = await _database.WriteAsync(
                statement.Text,
                command =>
                {
                    AddKeys(command, tenant, userId);
                    bind(command);
                },
                (reader, token) => new SqlAnswer(reader, statement, _dialect, tenant, userId).ReadCountAsync(version, token),
                cancellationToken).ConfigureAwait(false);
            return rows is 0 or 1
                ? rows == 1
                : throw new InvalidOperationException(
                    $"The table '{_options.TableName}' has no primary key: {rows} rows were written.");
        }
        catch (DbException exception) when (SqlFault.IsConflict(exception))
        {
            return false;
        }
    }
}
