using System.Data.Common;
using Callroute.Mfa.Redis;
using Callroute.Mfa.Sql;
using Callroute.Mfa.Storage;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Npgsql;
using StackExchange.Redis;

namespace Callroute.Mfa.OtpTool.Stores;

/// <summary>A store with its connection.</summary>
/// <param name="store">The store; it can list its subjects.</param>
/// <param name="database">Its database; null for Redis.</param>
/// <param name="connection">Closes the connection.</param>
internal sealed class OpenStore(IMfaStore store, DbDataSource? database, IAsyncDisposable connection) : IAsyncDisposable
{
    public IMfaStore Store => store;

    public IMfaStoreScan Scan => (IMfaStoreScan)store;

    public DbDataSource? Database => database;

    public static async Task<OpenStore> OpenAsync(
        StoreKind kind, string text, string? table, string? prefix, int? replicas, CancellationToken cancellationToken)
    {
        try
        {
            return kind == StoreKind.Redis
                ? await OpenRedisAsync(text, prefix, replicas, cancellationToken)
                : await OpenSqlAsync(kind, text, table, cancellationToken);
        }
        catch (Exception exception) when (exception is DbException or RedisException or InvalidOperationException
            or NotSupportedException or TimeoutException)
        {
            var message = ConnectionText.WithoutPasswords(exception.Message, text);
            throw new InputException($"--connection: the store cannot be opened. {message}");
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private static async Task<OpenStore> OpenSqlAsync(StoreKind kind, string text, string? table, CancellationToken cancellationToken)
    {
        var source = ConnectionText.Parse<DbDataSource>(kind, text, kind switch
        {
            StoreKind.Sqlite => CreateSqlite,
            StoreKind.PostgreSql => NpgsqlDataSource.Create,
            _ => connection => new MySqlDataSource(connection),
        });
        var store = CreateStore(source, kind, table);
        Warn(await store.CheckTableAsync(cancellationToken));
        return new OpenStore(store, source, source);
    }

    private static async Task<OpenStore> OpenRedisAsync(string text, string? prefix, int? replicas, CancellationToken cancellationToken)
    {
        var options = CreateOptions(prefix, replicas);
        var server = ConnectionText.Parse(StoreKind.Redis, text, ConfigurationOptions.Parse);
        var connection = await ConnectionMultiplexer.ConnectAsync(server).WaitAsync(cancellationToken);
        var store = new RedisMfaStore(connection, options);
        Warn(await store.CheckAsync(cancellationToken));
        return new OpenStore(store, null, connection);
    }

    private static SqlMfaStore CreateStore(DbDataSource source, StoreKind kind, string? table)
    {
        try
        {
            var dialect = kind switch
            {
                StoreKind.Sqlite => SqlDialect.Sqlite,
                StoreKind.PostgreSql => SqlDialect.PostgreSql,
                _ => SqlDialect.MySql,
            };
            return new SqlMfaStore(source, dialect, table is null ? null : new SqlMfaStoreOptions { TableName = table });
        }
        catch (ArgumentException)
        {
            throw new InputException("--table must be a name of lower-case letters, digits and underscores, with a schema if needed.");
        }
    }

    private static RedisMfaStoreOptions CreateOptions(string? prefix, int? replicas)
    {
        try
        {
            return new RedisMfaStoreOptions
            {
                KeyPrefix = prefix ?? new RedisMfaStoreOptions().KeyPrefix,
                RequireDurable = replicas is not null,
                DurableReplicas = replicas ?? 0,
            };
        }
        catch (ArgumentException)
        {
            throw new InputException("--key-prefix must be 1 to 100 ASCII letters, digits, or : . _ - /.");
        }
    }

    // The driver would create a missing file.
    private static DbDataSource CreateSqlite(string text)
    {
        var connection = new SqliteConnectionStringBuilder(text);
        connection.Mode = connection.Mode == SqliteOpenMode.ReadWriteCreate ? SqliteOpenMode.ReadWrite : connection.Mode;
        return SqliteFactory.Instance.CreateDataSource(connection.ConnectionString);
    }

    private static void Warn(IReadOnlyList<string> warnings)
    {
        foreach (var warning in warnings)
        {
            Console.Error.WriteLine($"Warning: {warning}");
        }
    }
}
