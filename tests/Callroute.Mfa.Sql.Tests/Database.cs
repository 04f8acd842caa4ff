using System.Data.Common;
using Callroute.Mfa.TestServers;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Npgsql;

namespace Callroute.Mfa.Sql.Tests;

/// <summary>An empty database of one's own, on a real engine, and a second way into it beside the store's.</summary>
internal sealed class Database : IAsyncDisposable
{
    public const string Sqlite = "SQLite";
    public const string PostgreSql = "PostgreSQL";
    public const string MariaDb = "MariaDB";

    private readonly string? _folder;

    private Database(SqlDialect dialect, DbDataSource source, string connectionString, string? folder = null) =>
        (Dialect, Source, ConnectionString, _folder) = (dialect, source, connectionString, folder);

    public static TheoryData<string> All => [Sqlite, PostgreSql, MariaDb];

    public SqlDialect Dialect { get; }

    public DbDataSource Source { get; }

    public string ConnectionString { get; }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Makes it; skips the test, with the reason, where the engine cannot run here.</summary>
    public static async Task<Database> NewAsync(string engine)
    {
        var name = $"mfa_{Guid.NewGuid():N}";
        switch (engine)
        {
            case PostgreSql:
                Assert.SkipWhen(SharedServers.WhyNoPostgreSql is not null, SharedServers.WhyNoPostgreSql ?? string.Empty);
                var postgres = new NpgsqlConnectionStringBuilder(await SharedServers.PostgreSqlAsync());
                await ExecuteAsync(NpgsqlDataSource.Create(postgres), $"CREATE DATABASE {name}");
                postgres.Database = name;
                return new Database(SqlDialect.PostgreSql, NpgsqlDataSource.Create(postgres), postgres.ConnectionString);
            case MariaDb:
                Assert.SkipWhen(SharedServers.WhyNoMariaDb is not null, SharedServers.WhyNoMariaDb ?? string.Empty);
                var mariaDb = new MySqlConnectionStringBuilder(await SharedServers.MariaDbAsync());
                await ExecuteAsync(new MySqlDataSource(mariaDb.ConnectionString), $"CREATE DATABASE {name}");
                mariaDb.Database = name;
                return new Database(SqlDialect.MySql, new MySqlDataSource(mariaDb.ConnectionString), mariaDb.ConnectionString);
            default:
                var folder = Directory.CreateTempSubdirectory("callroute-sqlite-").FullName;
                var text = $"Data Source={Path.Combine(folder, "mfa.db")}";
                return new Database(SqlDialect.Sqlite, SqliteFactory.Instance.CreateDataSource(text), text, folder);
        }
    }

    public SqlMfaStore NewStore() => new(Source, Dialect, new SqlMfaStoreOptions { CommandTimeout = TimeSpan.FromSeconds(1) });

    public Task ExecuteAsync(string statement) => ExecuteAsync(Source, statement);

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        if (_folder is not null)
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static async Task ExecuteAsync(DbDataSource source, string statement)
    {
        await using var command = source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync(Token);
    }
}
