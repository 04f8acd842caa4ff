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

    /// <summary>
    /// All of them. A statement may take a minute: the tests of a process share each database, and the machine may be busy.
    /// </summary>
    public static IReadOnlyList<TestEngine> All { get; } = With(TimeSpan.FromMinutes(1));

    /// <summary>The engine with a name.</summary>
    public static TestEngine Named(string name) => Named(All, name);

    /// <summary>The engine with a name, where a statement may not take longer than this.</summary>
    public static TestEngine Named(string name, TimeSpan commandTimeout) => Named(With(commandTimeout), name);

    private static TestEngine Named(IEnumerable<TestEngine> engines, string name) => engines.Single(engine => engine.Name == name);

    private static IReadOnlyList<TestEngine> With(TimeSpan commandTimeout) =>
    [
        Sql(commandTimeout, "SQLite", () => null, SqliteFileAsync, SqlDialect.Sqlite, SqliteFactory.Instance.CreateDataSource),
        .. IsolationLevels.Select(level =>
            Sql(
                commandTimeout, $"PostgreSQL, {level}", () => SharedServers.WhyNoPostgreSql, SharedServers.PostgreSqlAsync,
                SqlDialect.PostgreSql, text => NpgsqlDataSource.Create(AtLevel(text, level)))),
        Sql(
            commandTimeout, "MariaDB", () => SharedServers.WhyNoMariaDb, SharedServers.MariaDbAsync, SqlDialect.MySql,
            text => new MySqlDataSource(text)),
        EntityFramework(commandTimeout, "SQLite", () => null, SqliteFileAsync, (options, text) => options.UseSqlite(text)),
        .. IsolationLevels.Select(level =>
            EntityFramework(
                commandTimeout, $"PostgreSQL, {level}", () => SharedServers.WhyNoPostgreSql, SharedServers.PostgreSqlAsync,
                (options, text) => options.UseNpgsql(AtLevel(text, level)))),
        Redis("Redis", SharedServers.RedisAsync, new RedisMfaStoreOptions()),
        Redis(
            "Redis, durable", SharedServers.RedisAsync,
            new RedisMfaStoreOptions { KeyPrefix = "durable:", RequireDurable = true, DurableReplicas = 0 }),
        Redis("Redis Cluster", SharedServers.RedisClusterAsync, new RedisMfaStoreOptions()),
    ];

    private static TestEngine Sql(
        TimeSpan commandTimeout,
        string engine,
        Func<string?> whyMissing,
        Func<Task<string>> connect,
        SqlDialect dialect,
        Func<string, DbDataSource> createSource) =>
        new($"Sql, {engine}", whyMissing, connect, async text =>
        {
            var store = new SqlMfaStore(
                Sources.GetOrAdd((engine, text), key => createSource(key.ConnectionString)), dialect,
                new SqlMfaStoreOptions { CommandTimeout = commandTimeout });
            await store.CreateTableAsync();
            return store;
        });

    // The table is the SQL store's: an application that uses both packages has one table.
    private static TestEngine EntityFramework(
        TimeSpan commandTimeout,
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
                (engine, text), _ => new PooledDbContextFactory<MfaDbContext>(options.Options)),
                new EntityFrameworkMfaStoreOptions { CommandTimeout = commandTimeout });
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
