using Callroute.Mfa.EntityFrameworkCore;
using Callroute.Mfa.Redis;
using Callroute.Mfa.Sql;
using Callroute.Mfa.Storage;
using Callroute.Mfa.TestServers;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using MySqlConnector;
using Npgsql;
using StackExchange.Redis;

namespace Callroute.Mfa.LoadTest.Ratio;

/// <summary>Every comparison, by its name on the command line. The comparisons share their servers, which stop with the process.</summary>
internal static class Contests
{
    private const double SqlBar = 1.15;
    private const double RedisBar = 1.2;
    private const double EntityFrameworkBar = 1.25;

    private static readonly Lazy<string> Folder = new(NewFolder);

    public static IReadOnlyDictionary<string, Func<Task<Contest>>> All { get; } = new Dictionary<string, Func<Task<Contest>>>
    {
        ["Sql, SQLite"] = SqliteAsync,
        ["Sql, PostgreSQL"] = PostgreSqlAsync,
        ["Sql, MariaDB"] = MariaDbAsync,
        ["Redis"] = () => RedisAsync("Redis", new RedisMfaStoreOptions()),
        ["Redis, RequireDurable"] = () =>
            RedisAsync("Redis, RequireDurable", new RedisMfaStoreOptions { RequireDurable = true, DurableReplicas = 0 }),
        ["EF, SQLite"] = () => EntityFrameworkAsync("EF, SQLite", builder => builder.UseSqlite(FileOf("ef"))),
        ["EF, PostgreSQL"] = async () =>
        {
            var source = NpgsqlDataSource.Create(await NewPostgreSqlDatabaseAsync("ef"));
            return await EntityFrameworkAsync("EF, PostgreSQL", builder => builder.UseNpgsql(source));
        },
    };

    private static async Task<Contest> SqliteAsync()
    {
        var store = await CreateTableAsync(new SqlMfaStore(SqliteFactory.Instance.CreateDataSource(FileOf("sql")), SqlDialect.Sqlite));
        return new Contest(
            "Sql, SQLite", SqlBar, new Dictionary<string, ISwapper> { ["driver"] = new SqliteSwapper(FileOf("sql")) }, store);
    }

    private static async Task<Contest> PostgreSqlAsync()
    {
        var source = NpgsqlDataSource.Create(await NewPostgreSqlDatabaseAsync("sql"));
        var store = await CreateTableAsync(new SqlMfaStore(source, SqlDialect.PostgreSql));
        return new Contest(
            "Sql, PostgreSQL",
            SqlBar,
            new Dictionary<string, ISwapper>
            {
                ["driver"] = new NpgsqlSwapper(source, prepares: false),
                ["driver, prepared"] = new NpgsqlSwapper(source, prepares: true),
            },
            store);
    }

    private static async Task<Contest> MariaDbAsync()
    {
        var source = new MySqlDataSource(await SharedServers.MariaDbAsync());
        var store = await CreateTableAsync(new SqlMfaStore(source, SqlDialect.MySql));
        return new Contest("Sql, MariaDB", SqlBar, new Dictionary<string, ISwapper> { ["driver"] = new MySqlSwapper(source) }, store);
    }

    private static async Task<Contest> RedisAsync(string name, RedisMfaStoreOptions options)
    {
        var redis = await ConnectionMultiplexer.ConnectAsync(await SharedServers.RedisAsync());
        return new Contest(
            name,
            RedisBar,
            new Dictionary<string, ISwapper> { ["driver"] = new RedisSwapper(redis.GetDatabase()) },
            new RedisMfaStore(redis, options));
    }

    private static async Task<Contest> EntityFrameworkAsync(string name, Action<DbContextOptionsBuilder> configure)
    {
        var builder = new DbContextOptionsBuilder<MfaDbContext>();
        configure(builder);
        var factory = new PooledDbContextFactory<MfaDbContext>(builder.Options);
        await using var context = await factory.CreateDbContextAsync();
        await context.Database.EnsureCreatedAsync();
        return new Contest(
            name,
            EntityFrameworkBar,
            new Dictionary<string, ISwapper> { ["EF by hand"] = new EntityFrameworkSwapper(factory) },
            new EntityFrameworkMfaStore<MfaDbContext>(factory));
    }

    private static async Task<IMfaStore> CreateTableAsync(SqlMfaStore store)
    {
        await store.CreateTableAsync();
        return store;
    }

    private static async Task<string> NewPostgreSqlDatabaseAsync(string name)
    {
        var server = await SharedServers.PostgreSqlAsync();
        await using var source = NpgsqlDataSource.Create(server);
        await using var command = source.CreateCommand($"CREATE DATABASE mfa_{name}_{Guid.NewGuid():N}");
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(server) { Database = command.CommandText.Split(' ')[^1] }.ConnectionString;
    }

    private static string FileOf(string name) => $"Data Source={Path.Combine(Folder.Value, $"{name}.db")}";

    private static string NewFolder()
    {
        var folder = Directory.CreateTempSubdirectory("callroute-ratio-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}
