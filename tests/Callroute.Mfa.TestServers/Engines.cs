using System.Collections.Concurrent;
using System.Data.Common;
using Callroute.Mfa.EntityFrameworkCore;
using Callroute.Mfa.Redis;
using Callroute.Mfa.Sql;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using MySqlConnector;
using Npgsql;
using StackExchange.Redis;

namespace Callroute.Mfa.TestServers;

/// <summary>Every store on every engine.</summary>
public static class Engines
{
    // One data source, and so one pool of connections, for each database, as in an application.
    private static readonly ConcurrentDictionary<(string Engine, string ConnectionString), DbDataSource> Sources = new();

    private static readonly ConcurrentDictionary<(string Engine, string ConnectionString), IDbContextFactory<MfaDbContext>> Contexts =
        new();
    private static readonly ConcurrentDictionary<(string Engine, string ConnectionString), Task<ConnectionMultiplexer>> Connections = new();

    private static readonly Lazy<string> SqliteFolder = new(NewSqliteFolder);

    /// <summary>The isolation levels of PostgreSQL.</summary>
    public static IReadOnlyList<string> IsolationLevels { get; } = ["read committed", "repeatable read", "serializable"];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<TestEngine> All { get; } =
    [
        Sql("SQLite", () => null, SqliteFileAsync, SqlDialect.Sqlite, SqliteFactory.Instance.CreateDataSource),
        .. IsolationLevels.Select(level =>
            Sql(
                $"PostgreSQL, {level}", () => SharedServers.WhyNoPostgreSql, SharedServers.PostgreSqlAsync, SqlDialect.PostgreSql,
                text => NpgsqlDataSource.Create(AtLevel(text, level)))),
        Sql("MariaDB", () => SharedServers.WhyNoMariaDb, SharedServers.MariaDbAsync, SqlDialect.MySql, text => new MySqlDataSource(text)),
        EntityFramework("SQLite", () => null, SqliteFileAsync, (options, text) => options.UseSqlite(text)),
        .. IsolationLevels.Select(level =>
            EntityFramework(
                $"PostgreSQL, {level}", () => SharedServers.WhyNoPostgreSql, SharedServers.PostgreSqlAsync,
                (options, text) => options.UseNpgsql(AtLevel(text, level)))),
        Redis("Redis", SharedServers.RedisAsync, new RedisMfaStoreOptions()),
        Redis(
            "Redis, durable", SharedServers.RedisAsync,
            new RedisMfaStoreOptions { KeyPrefix = "durable:", RequireDurable = true, DurableReplicas = 0 }),
        Redis("Redis Cluster", SharedServers.RedisClusterAsync, new RedisMfaStoreOptions()),
    ];

    /// <summary>The engine with a name.</summary>
    public static TestEngine Named(string name) => All.Single(engine => engine.Name == name);

    private static TestEngine Sql(
        string engine, Func<string?> whyMissing, Func<Task<string>> connect, SqlDialect dialect, Func<string, DbDataSource> createSource) =>
        new($"Sql, {engine}", whyMissing, connect, async text =>
        {
            var store = new SqlMfaStore(Sources.GetOrAdd((engine, text), key => createSource(key.ConnectionString)), dialect);
            await store.CreateTableAsync();
            return store;
        });

    // The table is the SQL store's: an application that uses both packages has one table.
    private static TestEngine EntityFramework(
        string engine,
        Func<string?> whyMissing,
        Func<Task<string>> connect,
        Action<DbContextOptionsBuilder<MfaDbContext>, string> use) =>
        new($"EF, {engine}", whyMissing, connect, async text =>
        {
            await Named($"Sql, {engine}").OpenAsync(text);
            var options = new DbContextOptionsBuilder<MfaDbContext>();
            use(options, text);
            return new EntityFrameworkMfaStore<MfaDbContext>(Contexts.GetOrAdd(
                (engine, text), _ => new PooledDbContextFactory<MfaDbContext>(options.Options)));
        });

    private static TestEngine Redis(string engine, Func<Task<string>> connect, RedisMfaStoreOptions options) =>
        new(engine, () => SharedServers.WhyNoRedis, connect, async text => new RedisMfaStore(
            await Connections.GetOrAdd(
                (engine, text), key => ConnectionMultiplexer.ConnectAsync($"{key.ConnectionString},abortConnect=false")),
            options));

    /// <summary>
    /// A PostgreSQL connection string that sets the isolation level of all transactions, even those of a single statement.
    /// </summary>
    public static string AtLevel(string connectionString, string level) =>
        $"{connectionString};Options=-c default_transaction_isolation={level.Replace(" ", "\\ ", StringComparison.Ordinal)}";

    private static Task<string> SqliteFileAsync() => Task.FromResult($"Data Source={Path.Combine(SqliteFolder.Value, "mfa.db")}");

    private static string NewSqliteFolder()
    {
        var folder = Directory.CreateTempSubdirectory("callroute-sqlite-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}
