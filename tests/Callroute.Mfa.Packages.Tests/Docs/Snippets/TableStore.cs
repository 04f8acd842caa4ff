using System.Runtime.CompilerServices;
using Callroute.Mfa.Storage;
using Microsoft.Data.Sqlite;

namespace Callroute.Mfa.Packages.Tests.Docs.Snippets;

// <store>
/// <summary>An example of a store: records in a SQLite table. In an application use Callroute.Mfa.Sql instead.</summary>
public sealed class TableStore(string connectionString) : IMfaStore, IMfaStoreScan
{
    private const string Key = "WHERE tenant = $tenant AND user_id = $user";

    public static async Task<TableStore> OpenAsync(string connectionString, CancellationToken cancellationToken = default)
    {
        var store = new TableStore(connectionString);
        await store.ChangeAsync(
            "PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS mfa (tenant TEXT, user_id TEXT,"
            + " version TEXT NOT NULL, document BLOB NOT NULL, PRIMARY KEY (tenant, user_id))",
            default, [], cancellationToken);
        return store;
    }

    public async ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default)
    {
        await using var connection = new SqliteConnection(connectionString);
        await using var command = await PrepareAsync(
            connection, $"SELECT version, document FROM mfa {Key}", subject, [], cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new StoredRecord(await reader.GetFieldValueAsync<byte[]>(1, cancellationToken), Guid.ParseExact(reader.GetString(0), "N"))
            : null;
    }

    // One statement compares and writes. Its row count shows whether the version matched.
    public ValueTask<bool> TryWriteAsync(
        MfaSubject subject,
        ReadOnlyMemory<byte> document,
        Guid newVersion,
        Guid? expected,
        CancellationToken cancellationToken = default) =>
        ChangeAsync(
            expected is null
                ? "INSERT INTO mfa VALUES ($tenant, $user, $version, $document) ON CONFLICT DO NOTHING"
                : $"UPDATE mfa SET version = $version, document = $document {Key} AND version = $expected",
            subject,
            [new("$version", $"{newVersion:N}"), new("$document", document.ToArray()), new("$expected", $"{expected:N}")],
            cancellationToken);

    public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) =>
        ChangeAsync($"DELETE FROM mfa {Key} AND version = $expected", subject, [new("$expected", $"{expected:N}")], cancellationToken);

    public async IAsyncEnumerable<MfaSubject> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var connection = new SqliteConnection(connectionString);
        await using var command = await PrepareAsync(connection, "SELECT tenant, user_id FROM mfa", default, [], cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return new MfaSubject(reader.GetString(1), reader.GetString(0) is { Length: > 0 } tenant ? tenant : null);
        }
    }

    private async ValueTask<bool> ChangeAsync(
        string statement, MfaSubject subject, SqliteParameter[] values, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(connectionString);
        await using var command = await PrepareAsync(connection, statement, subject, values, cancellationToken);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private static async Task<SqliteCommand> PrepareAsync(
        SqliteConnection connection, string statement, MfaSubject subject, SqliteParameter[] values, CancellationToken cancellationToken)
    {
        await connection.OpenAsync(cancellationToken);
        var command = connection.CreateCommand();
        command.CommandText = statement;
        command.Parameters.AddWithValue("$tenant", subject.Tenant ?? string.Empty);
        command.Parameters.AddWithValue("$user", subject.UserId ?? string.Empty);
        command.Parameters.AddRange(values);
        return command;
    }
}
// </store>
