using System.Data.Common;
using Callroute.Mfa.Redis;
using Callroute.Mfa.Sql;
using Callroute.Mfa.Storage;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Npgsql;
using StackExchange.Redis;

namespace Callroute.Mfa.Reliability;

/// <summary>The store of an application node, and what creates its table, if it has one.</summary>
internal sealed record OpenedStore(IMfaStore Store, Func<Task> CreateAsync)
{
    public static async Task<OpenedStore> OpenAsync(StoreSpec spec)
    {
        switch (spec.Kind)
        {
            case "sqlite":
                return Sql(SqliteFactory.Instance.CreateDataSource(spec.ConnectionString), SqlDialect.Sqlite, spec);
            case "postgresql":
                // The table can only be made on the primary, wherever the store reads.
                var primary = spec.ConnectionString.Replace("prefer-standby", "primary", StringComparison.Ordinal);
                var creating = Sql(NpgsqlDataSource.Create(primary), SqlDialect.PostgreSql, spec);
                var store = Sql(NpgsqlDataSource.Create(spec.ConnectionString), SqlDialect.PostgreSql, spec);
                return store with { CreateAsync = creating.CreateAsync };
            case "mysql":
                return Sql(new MySqlDataSource(spec.ConnectionString), SqlDialect.MySql, spec);
            case "non-atomic":
                var inner = await OpenAsync(spec with { Kind = "sqlite" });
                return inner with { Store = new NonAtomicStore(inner.Store) };
            default:
                var options = new RedisMfaStoreOptions { RequireDurable = spec.RequireDurable, DurableReplicas = spec.DurableReplicas };
                var connection = await ConnectionMultiplexer.ConnectAsync(spec.ConnectionString);
                return new OpenedStore(new RedisMfaStore(connection, options), () => Task.CompletedTask);
        }
    }

    private static OpenedStore Sql(DbDataSource source, SqlDialect dialect, StoreSpec spec)
    {
        var store = new SqlMfaStore(source, dialect, new SqlMfaStoreOptions { PrepareStatements = spec.Prepares });
        return new OpenedStore(store, () => store.CreateTableAsync());
    }
}
