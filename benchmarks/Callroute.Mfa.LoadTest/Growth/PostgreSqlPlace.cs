using Callroute.Mfa.Sql;
using Callroute.Mfa.Storage;
using Callroute.Mfa.TestServers;
using Npgsql;
using NpgsqlTypes;

namespace Callroute.Mfa.LoadTest.Growth;

/// <summary>PostgreSQL, with one table of a database for each population.</summary>
internal sealed class PostgreSqlPlace : Place
{
    private readonly PostgreSqlServer _server;
    private readonly NpgsqlDataSource _source;

    private PostgreSqlPlace(PostgreSqlServer server) =>
        (_server, _source) = (server, NpgsqlDataSource.Create(server.ConnectionString + ";Command Timeout=600"));

    public static async Task<Place> StartAsync() => new PostgreSqlPlace(await PostgreSqlServer.StartNewAsync());

    public override async Task<IMfaStore> LoadAsync(int size, IEnumerable<Row> rows)
    {
        var store = new SqlMfaStore(_source, SqlDialect.PostgreSql, new SqlMfaStoreOptions { TableName = Table(size) });
        await store.CreateTableAsync();
        await CopyAsync(_source, Table(size), rows);
        await ExecuteAsync($"VACUUM ANALYZE {Table(size)}");
        await ExecuteAsync("CHECKPOINT");
        return store;
    }

    /// <summary>Loads rows in the driver's fastest way.</summary>
    public static async Task CopyAsync(NpgsqlDataSource source, string table, IEnumerable<Row> rows)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var copy = await connection.BeginBinaryImportAsync(
            $"COPY {table} (tenant, user_id, version, document) FROM STDIN (FORMAT BINARY)");
        foreach (var row in rows)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(string.Empty, NpgsqlDbType.Text);
            await copy.WriteAsync(row.Subject.UserId, NpgsqlDbType.Text);
            await copy.WriteAsync(row.Record.Version.ToString("N"), NpgsqlDbType.Text);
            await copy.WriteAsync(row.Record.Document.ToArray(), NpgsqlDbType.Bytea);
        }

        await copy.CompleteAsync();
    }

    public override async Task<long> MeasureBytesAsync(int size)
    {
        await using var command = _source.CreateCommand($"SELECT pg_total_relation_size('{Table(size)}')");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public override async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _server.DisposeAsync();
    }

    private static string Table(int size) => $"mfa_{size}";

    private async Task ExecuteAsync(string statement)
    {
        await using var command = _source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }
}
