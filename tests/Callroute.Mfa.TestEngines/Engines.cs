using System.Collections.Concurrent;
using System.Data.Common;
using Callroute.Mfa.Sql;
using Callroute.Mfa.TestServers;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Npgsql;

namespace Callroute.Mfa.TestEngines;

/// <summary>Every store on every engine.</summary>
public static class Engines
{
    private static readonly string[] IsolationLevels = ["read committed", "repeatable read", "serializable"];

    // One data source, and so one pool of connections, a database: as an application has.
    private static readonly ConcurrentDictionary<(string Engine, string ConnectionString), DbDataSource> Sources = new();

    private static readonly Lazy<string> SqliteFolder = new(NewSqliteFolder);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<TestEngine> All { get; } =
    [
        Sql("SQLite", () => null, SqliteFileAsync, SqlDialect.Sqlite, SqliteFactory.Instance.CreateDataSource),
        .. IsolationLevels.Select(level =>
            Sql($"PostgreSQL, {level}", () => SharedServers.WhyNoPostgreSql, SharedServers.PostgreSqlAsync, SqlDialect.PostgreSql, text => NpgsqlDataSource.Create(AtLevel(text, level)))),
        Sql("MariaDB", () => SharedServers.WhyNoMariaDb, SharedServers.MariaDbAsync, SqlDialect.MySql, text => new MySqlDataSource(text)),
    ];

    /// <summary>The engine of a name.</summary>
    public static TestEngine Named(string name) => All.Single(engine => engine.Name == name);

    private static TestEngine Sql(string engine, Func<string?> whyMissing, Func<Task<string>> connect, SqlDialect dialect, Func<string, DbDataSource> createSource) =>
        new($"Sql, {engine}", whyMissing, connect, async text =>
        {
            var store = new SqlMfaStore(Sources.GetOrAdd((engine, text), key => createSource(key.ConnectionString)), dialect);
            await store.CreateTableAsync();
            return store;
        });

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
