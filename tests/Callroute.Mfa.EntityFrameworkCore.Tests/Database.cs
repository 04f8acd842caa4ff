using Callroute.Mfa.TestServers;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;

namespace Callroute.Mfa.EntityFrameworkCore.Tests;

/// <summary>A database of its own for a test: a file of SQLite, or one of the databases of a real PostgreSQL.</summary>
public sealed class Database : IAsyncDisposable
{
    public const string Sqlite = "SQLite";
    public const string PostgreSql = "PostgreSQL";

    private readonly string? _folder;

    private Database(string kind, string connectionString, string? folder = null) => (Kind, ConnectionString, _folder) = (kind, connectionString, folder);

    /// <summary>The engines that every test of the store's promises runs on.</summary>
    public static TheoryData<string> Kinds => [Sqlite, PostgreSql];

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public string Kind { get; }

    public string ConnectionString { get; }

    /// <summary>Makes an empty database.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="isolation">PostgreSQL's isolation level where a connection says nothing.</param>
    public static async Task<Database> NewAsync(string kind, string isolation = "read committed")
    {
        if (kind == Sqlite)
        {
            var folder = Directory.CreateTempSubdirectory("callroute-ef-").FullName;
            return new Database(kind, $"Data Source={Path.Combine(folder, "mfa.db")}", folder);
        }

        Assert.SkipWhen(SharedServers.WhyNoPostgreSql is not null, SharedServers.WhyNoPostgreSql ?? "");
        var server = await SharedServers.PostgreSqlAsync();
        var name = $"ef_{Guid.NewGuid():N}";
        await ExecuteAsync(server, $"CREATE DATABASE {name}");
        var options = $"-c default_transaction_isolation={isolation.Replace(" ", @"\ ", StringComparison.Ordinal)}";
        return new Database(kind, new NpgsqlConnectionStringBuilder(server) { Database = name, Options = options, MaxPoolSize = 70 }.ConnectionString);
    }

    /// <summary>Makes a database with the table in it.</summary>
    public static async Task<Database> WithTableAsync(string kind, string isolation = "read committed")
    {
        var database = await NewAsync(kind, isolation);
        await database.CreateTableAsync<MfaDbContext>();
        return database;
    }

    public async Task CreateTableAsync<TContext>()
        where TContext : DbContext
    {
        await using var context = await Factory<TContext>().CreateDbContextAsync(Token);
        await context.Database.EnsureCreatedAsync(Token);
    }

    /// <summary>A pooled factory, as <c>AddPooledDbContextFactory</c> registers it.</summary>
    public IDbContextFactory<TContext> Factory<TContext>(Action<DbContextOptionsBuilder>? configure = null)
        where TContext : DbContext => new PooledDbContextFactory<TContext>(Options<TContext>(configure));

    public EntityFrameworkMfaStore<TContext> Store<TContext>(Action<DbContextOptionsBuilder>? configure = null)
        where TContext : DbContext => new(Factory<TContext>(configure));

    public EntityFrameworkMfaStore<MfaDbContext> Store() => Store<MfaDbContext>();

    public DbContextOptions<TContext> Options<TContext>(Action<DbContextOptionsBuilder>? configure = null)
        where TContext : DbContext
    {
        var builder = new DbContextOptionsBuilder<TContext>();
        _ = Kind == Sqlite ? builder.UseSqlite(ConnectionString) : builder.UseNpgsql(ConnectionString);
        configure?.Invoke(builder);
        return builder.Options;
    }

    /// <summary>Runs a statement past EF.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var context = new MfaDbContext(Options<MfaDbContext>());
        await context.Database.ExecuteSqlRawAsync(sql, Token);
    }

    public async Task<List<string>> QueryAsync(string sql)
    {
        await using var context = new MfaDbContext(Options<MfaDbContext>());
        return await context.Database.SqlQueryRaw<string>(sql).ToListAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder is not null)
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(_folder, recursive: true);
            return;
        }

        NpgsqlConnection.ClearAllPools();
        var builder = new NpgsqlConnectionStringBuilder(ConnectionString);
        var name = builder.Database;
        await ExecuteAsync(await SharedServers.PostgreSqlAsync(), $"DROP DATABASE {name} WITH (FORCE)");
    }

    private static async Task ExecuteAsync(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Token);
    }
}
