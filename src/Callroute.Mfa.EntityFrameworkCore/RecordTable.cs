using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Callroute.Mfa.EntityFrameworkCore;

/// <summary>Executes the statements on the table of one model.</summary>
/// <remarks>
/// Each is executed once, outside the execution strategy of the context: a strategy that retries would multiply the time that a call takes
/// while the server is down. EF Core still logs and intercepts the commands.
/// </remarks>
internal sealed class RecordTable<TContext>
    where TContext : DbContext
{
    private const int NameColumn = 0;
    private const int TenantColumn = 1;
    private const int UserIdColumn = 2;
    private const int VersionColumn = 3;
    private const int LastColumn = 4;

    private readonly IEntityType _row;
    private readonly RecordStatements _statements;

    public RecordTable(TContext context)
    {
        _row = context.Model.FindEntityType(typeof(MfaRecordRow)) ?? throw new InvalidOperationException(
            $"The model of {typeof(TContext).Name} has no {nameof(MfaRecordRow)}:"
            + $" call modelBuilder.{nameof(MfaModelBuilderExtensions.AddCallrouteMfa)}(Database) in its OnModelCreating.");
        IsSqlite = context.Database.ProviderName == ProviderNames.Sqlite;
        _statements = new(context, _row);
    }

    /// <summary>The schema-qualified name of the table in the model.</summary>
    public string Name => _row.GetSchemaQualifiedTableName()!;

    /// <summary>Whether the database is SQLite, which allows one writer at a time.</summary>
    public bool IsSqlite { get; }

    /// <summary>Whether an insert of an existing key writes no row instead of throwing.</summary>
    public bool CountsDuplicates => _statements.CountsDuplicates;

    /// <summary>Finds the version and the document of a row, or returns null if there is no row.</summary>
    public async Task<RowContent?> FindAsync(TContext context, RowKey key, CancellationToken cancellationToken)
    {
        var values = Stored(key);
        var reader = await ReadAsync(context, _statements.Find.Format, values, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            var row = reader.DbDataReader;
            return await HasRowAsync(row, _statements.Find, values, cancellationToken).ConfigureAwait(false)
                && !await row.IsDBNullAsync(VersionColumn, cancellationToken).ConfigureAwait(false)
                ? new RowContent(ReadVersion(row), (byte[])row.GetValue(LastColumn))
                : null;
        }
    }

    /// <summary>Inserts a row.</summary>
    /// <returns>The number of rows written.</returns>
    public Task<int> InsertAsync(TContext context, RowKey key, RowContent written, CancellationToken cancellationToken)
    {
        object[] values = [.. Stored(key), .. Stored(written)];
        return WriteAsync(
            context, _statements.Insert, _statements.AlwaysAnswers ? [.. values, _statements.Insert.Name] : values, cancellationToken);
    }

    /// <summary>Replaces the row that has the expected version.</summary>
    /// <returns>The number of rows written.</returns>
    public Task<int> UpdateAsync(
        TContext context, RowKey key, RowContent written, string expected, CancellationToken cancellationToken) =>
        WriteAsync(context, _statements.Update, [.. Stored(key), .. Stored(written), StoredVersion(expected)], cancellationToken);

    /// <summary>Deletes the row that has the expected version.</summary>
    /// <returns>The number of rows deleted.</returns>
    public Task<int> DeleteAsync(TContext context, RowKey key, string expected, CancellationToken cancellationToken) =>
        WriteAsync(context, _statements.Delete, [.. Stored(key), StoredVersion(expected)], cancellationToken);

    /// <summary>Executes statements that need every right that the store needs and write nothing.</summary>
    public async Task CheckAsync(TContext context, CancellationToken cancellationToken)
    {
        foreach (var statement in _statements.Check)
        {
            var (command, parameters) = Prepare(context, statement, Stored(new RowKey("", "")));
            await command.ExecuteNonQueryAsync(parameters, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads the settings of the server that the store depends on.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadSettingsAsync(TContext context, CancellationToken cancellationToken)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        if (_statements.Settings is not null)
        {
            var reader = await ReadAsync(context, _statements.Settings, [], cancellationToken).ConfigureAwait(false);
            await using var _ = reader.ConfigureAwait(false);
            while (await reader.DbDataReader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                settings[reader.DbDataReader.GetString(0)] = reader.DbDataReader.GetString(1);
            }
        }

        return settings;
    }

    private static async Task<RelationalDataReader> ReadAsync(
        TContext context, string statement, object[] values, CancellationToken cancellationToken)
    {
        var (command, parameters) = Prepare(context, statement, values);
        return await command.ExecuteReaderAsync(parameters, cancellationToken).ConfigureAwait(false);
    }

    private static (IRelationalCommand Command, RelationalCommandParameterObject Parameters) Prepare(
        TContext context, string statement, object[] values)
    {
        var raw = context.GetService<IRawSqlCommandBuilder>().Build(statement, values);
        var logger = context.GetService<IRelationalCommandDiagnosticsLogger>();
        var connection = context.GetService<IRelationalConnection>();
        return (raw.RelationalCommand, new(connection, raw.ParameterValues, null, context, logger, CommandSource.ExecuteSqlRaw));
    }

    private static string ReadVersion(DbDataReader row) =>
        row.GetValue(VersionColumn) is Guid version ? version.ToString("N") : row.GetString(VersionColumn);

    // A column of bytes comes back as another array.
    private static bool IsSame(object stored, object read) =>
        stored is byte[] bytes ? read is byte[] other && bytes.AsSpan().SequenceEqual(other) : stored.Equals(read);

    private async Task<int> WriteAsync(
        TContext context, RecordStatement statement, object[] values, CancellationToken cancellationToken)
    {
        if (!_statements.AlwaysAnswers)
        {
            var (command, parameters) = Prepare(context, statement.Format, values);
            return await command.ExecuteNonQueryAsync(parameters, cancellationToken).ConfigureAwait(false);
        }

        var reader = await ReadAsync(context, statement.Format, values, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            var row = reader.DbDataReader;
            await HasRowAsync(row, statement, values, cancellationToken).ConfigureAwait(false);
            return IsSame(values[VersionColumn - 1], row.GetValue(VersionColumn))
                ? Convert.ToInt32(row.GetValue(LastColumn), CultureInfo.InvariantCulture)
                : throw WrongAnswer(statement);
        }
    }

    // Check the name first: the rows of another statement may have fewer columns.
    private async Task<bool> HasRowAsync(
        DbDataReader row, RecordStatement statement, object[] values, CancellationToken cancellationToken)
    {
        if (!await row.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            return _statements.AlwaysAnswers ? throw WrongAnswer(statement) : false;
        }

        return row.GetValue(NameColumn) is string name && name == statement.Name
            && IsSame(values[0], row.GetValue(TenantColumn))
            && IsSame(values[1], row.GetValue(UserIdColumn))
            ? true
            : throw WrongAnswer(statement);
    }

    private static InvalidOperationException WrongAnswer(RecordStatement statement) => new(
        $"The database did not return the answer of '{statement.Name}', so the outcome is unknown. A connection pooler between the"
        + " application and the database mixes prepared statements: remove Max Auto Prepare from the connection string of Npgsql.");

    private object[] Stored(RowKey key) =>
        [Stored(nameof(MfaRecordRow.Tenant), key.Tenant), Stored(nameof(MfaRecordRow.UserId), key.UserId)];

    private object[] Stored(RowContent written) =>
        [StoredVersion(written.Version), Stored(nameof(MfaRecordRow.Document), written.Document)];

    private object StoredVersion(string version) => Stored(nameof(MfaRecordRow.Version), version);

    private object Stored(string property, object value) =>
        _row.GetProperty(property).GetTypeMapping().Converter?.ConvertToProvider(value) ?? value;
}
