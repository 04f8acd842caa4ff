using Callroute.Mfa.Redis;
using Callroute.Mfa.Sql;
using Callroute.Mfa.Storage;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Npgsql;
using StackExchange.Redis;

namespace Callroute.Mfa.Reliability;

/// <summary>What an application node needs to open its store. The node process gets it as JSON, as an argument.</summary>
/// <remarks>
/// A kind is <c>sqlite</c>, <c>postgresql</c>, <c>mysql</c>, <c>redis</c>, or <c>non-atomic</c>, which is on SQLite. Without a number of
/// replicas, Redis is not durable.
/// </remarks>
internal sealed record StoreSpec(string Kind, string ConnectionString, int? DurableReplicas = null)
{
    public async Task<(IMfaStore Store, Func<Task> CreateAsync)> OpenAsync()
    {
        if (Kind == "redis")
        {
            var connection = await ConnectionMultiplexer.ConnectAsync(ConnectionString);
            var options = new RedisMfaStoreOptions { RequireDurable = DurableReplicas is not null, DurableReplicas = DurableReplicas ?? 1 };
            return (new RedisMfaStore(connection, options), () => Task.CompletedTask);
        }

        // The table can only be made on the primary, wherever the store reads.
        var primary = ConnectionString.Replace("prefer-standby", "primary", StringComparison.Ordinal);
        var store = OpenSql(ConnectionString);
        var creating = primary == ConnectionString ? store : OpenSql(primary);
        return (Kind == "non-atomic" ? new NonAtomicStore(store) : store, () => creating.CreateTableAsync());
    }

    private SqlMfaStore OpenSql(string connectionString) => Kind switch
    {
        "postgresql" => new SqlMfaStore(NpgsqlDataSource.Create(connectionString), SqlDialect.PostgreSql),
        "mysql" => new SqlMfaStore(new MySqlDataSource(connectionString), SqlDialect.MySql),
        _ => new SqlMfaStore(SqliteFactory.Instance.CreateDataSource(connectionString), SqlDialect.Sqlite),
    };
}

/// <summary>Compares and then writes, with time between them: the fault that a checker must find in a store.</summary>
internal sealed class NonAtomicStore(IMfaStore inner) : IMfaStore
{
    public ValueTask<StoredRecord?> FindAsync(MfaSubject subject, CancellationToken cancellationToken = default) =>
        inner.FindAsync(subject, cancellationToken);

    public async ValueTask<bool> TryWriteAsync(
        MfaSubject subject, ReadOnlyMemory<byte> document, Guid newVersion, Guid? expected, CancellationToken cancellationToken = default)
    {
        var isExpected = (await inner.FindAsync(subject, cancellationToken))?.Version == expected;
        for (var isWritten = false; isExpected && !isWritten;)
        {
            var current = await inner.FindAsync(subject, cancellationToken);
            isWritten = await inner.TryWriteAsync(subject, document, newVersion, current?.Version, cancellationToken);
        }

        return isExpected;
    }

    public ValueTask<bool> TryDeleteAsync(MfaSubject subject, Guid expected, CancellationToken cancellationToken = default) =>
        inner.TryDeleteAsync(subject, expected, cancellationToken);
}
