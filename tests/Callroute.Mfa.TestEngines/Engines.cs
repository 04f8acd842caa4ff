using System.Data.Common;
using Callroute.Mfa.Sql;
using Callroute.Mfa.Storage;
using Callroute.Mfa.TestServers;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Npgsql;

namespace Callroute.Mfa.TestEngines;

/// <summary>Every store on every engine.</summary>
public static class Engines
{
    private static readonly string[] IsolationLevels = ["read committed", "repeatable read", "serializable"];

    private static readonly Lazy<string> SqliteFolder = new(NewSqliteFolder);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<TestEngine> All { get; } =
    [
        new("Sql, SQLite", () => null, SqliteFileAsync, text => OpenSqlAsync(SqliteFactory.Instance.CreateDataSource(text), SqlDialect.Sqlite)),
        .. IsolationLevels.Select(level => new TestEngine(
            $"Sql, PostgreSQL, {level}",
            () => SharedServers.WhyNoPostgreSql,
            SharedServers.PostgreSqlAsync,
            text => OpenSqlAsync(NpgsqlDataSource.Create(AtLevel(text, level)), SqlDialect.PostgreSql))),
        new("Sql, MariaDB", () => SharedServers.WhyNoMariaDb, SharedServers.MariaDbAsync, text => OpenSqlAsync(new MySqlDataSource(text), SqlDialect.MySql)),
    ];

    /// <summary>The engine of a name.</summary>
    public static TestEngine Named(string name) => All.Single(engine => engine.Name == name);

    private static async Task<IMfaStore> OpenSqlAsync(DbDataSource source, SqlDialect dialect)
    {
        var store = new SqlMfaStore(source, dialect);
        await store.CreateTableAsync();
        return store;
    }

    private static string AtLevel(string connectionString, string level) =>
        $"{connectionString};Options=-c default_transaction_isolation={level.Replace(" ", "\\ ", StringComparison.Ordinal)}";

    private static Task<string> SqliteFileAsync() => Task.FromResult($"Data Source={Path.Combine(SqliteFolder.Value, "mfa.db")}");

    private static string NewSqliteFolder()
    {
        var folder = Directory.CreateTempSubdirectory("callroute-sqlite-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}
