using System.Data.Common;
using Callroute.Mfa.Redis;
using Callroute.Mfa.Sql;
using Callroute.Mfa.Storage;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Npgsql;
using StackExchange.Redis;

namespace Callroute.Mfa.Reliability;

/// <summary>The store of an application node.</summary>
/// <param name="Store">The store.</param>
/// <param name="CreateAsync">Creates its table, if it has one.</param>
internal sealed record NodeStore(IMfaStore Store, Func<Task> CreateAsync)
{
    public static async Task<NodeStore> OpenAsync(StoreSpec spec) => spec.Kind switch
    {
        "sqlite" => Sql(SqliteFactory.Instance.CreateDataSource(spec.ConnectionString), SqlDialect.Sqlite, spec),
        "non-atomic" => NonAtomic(await OpenAsync(spec with { Kind = "sqlite" })),
        "postgresql" => Sql(NpgsqlDataSource.Create(spec.ConnectionString), SqlDialect.PostgreSql, spec),
        "mysql" => Sql(new MySqlDataSource(spec.ConnectionString), SqlDialect.MySql, spec),
        "redis" => Redis(await ConnectionMultiplexer.ConnectAsync(spec.ConnectionString), spec),
        _ => throw new ArgumentException($"No such store: {spec.Kind}.", nameof(spec)),
    };

    private static NodeStore Sql(DbDataSource source, SqlDialect dialect, StoreSpec spec)
    {
        var store = new SqlMfaStore(source, dialect, new SqlMfaStoreOptions { PrepareStatements = spec.Prepares });
        return new NodeStore(store, () => store.CreateTableAsync());
    }

    private static NodeStore NonAtomic(NodeStore inner) => inner with { Store = new NonAtomicStore(inner.Store) };

    private static NodeStore Redis(ConnectionMultiplexer connection, StoreSpec spec)
    {
        var options = new RedisMfaStoreOptions { RequireDurable = spec.RequireDurable, DurableReplicas = spec.DurableReplicas };
        return new NodeStore(new RedisMfaStore(connection, options), () => Task.CompletedTask);
    }
}
