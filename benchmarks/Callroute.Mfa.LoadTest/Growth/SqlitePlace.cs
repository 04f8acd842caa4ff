using Callroute.Mfa.Sql;
using Callroute.Mfa.Storage;
using Microsoft.Data.Sqlite;

namespace Callroute.Mfa.LoadTest.Growth;

/// <summary>SQLite, with one file for each population.</summary>
internal sealed class SqlitePlace : Place
{
    private readonly string _folder = Directory.CreateTempSubdirectory("callroute-growth-").FullName;

    public override async Task<IMfaStore> LoadAsync(int size, IEnumerable<Row> rows)
    {
        var store = new SqlMfaStore(SqliteFactory.Instance.CreateDataSource(ConnectionString(size)), SqlDialect.Sqlite);
        await store.CreateTableAsync();
        await using var connection = new SqliteConnection(ConnectionString(size) + ";Pooling=False");
        await connection.OpenAsync();
        Execute(connection, "PRAGMA cache_size = -500000");
        await using var transaction = await connection.BeginTransactionAsync();
        Insert(connection, rows);
        await transaction.CommitAsync();
        return store;
    }

    public override async Task<long> MeasureBytesAsync(int size)
    {
        await using var connection = new SqliteConnection(ConnectionString(size));
        await connection.OpenAsync();
        Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        return new FileInfo(File(size)).Length;
    }

    public override ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static void Insert(SqliteConnection connection, IEnumerable<Row> rows)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO callroute_mfa (tenant, user_id, version, document) VALUES ('', @user_id, @version, @document)";
        var (user, version, document) = (
            Add("@user_id", SqliteType.Text), Add("@version", SqliteType.Text), Add("@document", SqliteType.Blob));
        foreach (var row in rows)
        {
            (user.Value, version.Value, document.Value) = (
                row.Subject.UserId, row.Record.Version.ToString("N"), row.Record.Document.ToArray());
            command.ExecuteNonQuery();
        }

        SqliteParameter Add(string name, SqliteType type) => command.Parameters.Add(name, type);
    }

    private static void Execute(SqliteConnection connection, string statement)
    {
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }

    private string File(int size) => Path.Combine(_folder, $"mfa-{size}.db");

    private string ConnectionString(int size) => $"Data Source={File(size)}";
}
