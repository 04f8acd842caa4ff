using System.Data.Common;
using Callroute.Mfa.Sql;
using Callroute.Mfa.TestServers;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Npgsql;

namespace Callroute.Mfa.Tests;

/// <summary>An empty database for one test, on a real engine, and a connection to it that does not use the store.</summary>
public sealed class Database : IAsyncDisposable
{
    public const string Sqlite = "SQLite";
    public const string PostgreSql = "PostgreSQL";
    public const string MariaDb = "MariaDB";

    private readonly string? _folder;

    private Database(string engine, SqlDialect dialect, DbDataSource source, string connectionString, string? folder = null) =>
        (Engine, Dialect, Source, ConnectionString, _folder) = (engine, dialect, source, connectionString, folder);

    public static TheoryData<string> All => [Sqlite, PostgreSql, MariaDb];

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public string Engine { get; }

    public SqlDialect Dialect { get; }

    public DbDataSource Source { get; }

    public string ConnectionString { get; }

    /// <summary>Creates a database. If the engine cannot run here, skips the test with the reason.</summary>
    /// <param name="engine">An engine of <see cref="All"/>.</param>
    public static async Task<Database> NewAsync(string engine)
    {
        var name = $"mfa_{Guid.NewGuid():N}";
        switch (engine)
        {
            case PostgreSql:
                Assert.SkipWhen(SharedServers.WhyNoPostgreSql is not null, SharedServers.WhyNoPostgreSql ?? string.Empty);
                var postgres = new NpgsqlConnectionStringBuilder(await SharedServers.PostgreSqlAsync());
                await CreateAsync(NpgsqlDataSource.Create(postgres), name);
                postgres.Database = name;
                return new Database(engine, SqlDialect.PostgreSql, NpgsqlDataSource.Create(postgres), postgres.ConnectionString);
            case MariaDb:
                Assert.SkipWhen(SharedServers.WhyNoMariaDb is not null, SharedServers.WhyNoMariaDb ?? string.Empty);
                var mariaDb = new MySqlConnectionStringBuilder(await SharedServers.MariaDbAsync());
                await CreateAsync(new MySqlDataSource(mariaDb.ConnectionString), name);
                mariaDb.Database = name;
                return new Database(engine, SqlDialect.MySql, new MySqlDataSource(mariaDb.ConnectionString), mariaDb.ConnectionString);
            default:
                var folder = Directory.CreateTempSubdirectory("callroute-sqlite-").FullName;
                var text = $"Data Source={Path.Combine(folder, "mfa.db")}";
                return new Database(engine, SqlDialect.Sqlite, SqliteFactory.Instance.CreateDataSource(text), text, folder);
        }
    }

    public SqlMfaStore NewSqlStore() => new(Source, Dialect);

    /// <summary>Runs a statement without the store.</summary>
    public async Task ExecuteAsync(string statement)
    {
        await using var command = Source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync(Token);
    }

    /// <summary>Reads the first column.</summary>
    public async Task<List<string>> QueryAsync(string query)
    {
        await using var command = Source.CreateCommand(query);
        await using var reader = await command.ExecuteReaderAsync(Token);
        var values = new List<string>();
        while (await reader.ReadAsync(Token))
        {
            values.Add(Convert.ToString(reader.GetValue(0), System.Globalization.CultureInfo.InvariantCulture)!);
        }

        return values;
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        if (_folder is not null)
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static async Task CreateAsync(DbDataSource server, string name)
    {
        await using (server)
        {
            await using var command = server.CreateCommand($"CREATE DATABASE {name}");
            await command.ExecuteNonQueryAsync(Token);
        }
    }
}
