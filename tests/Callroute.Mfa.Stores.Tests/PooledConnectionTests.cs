using System.Data.Common;
using Callroute.Mfa.Sql;
using Callroute.Mfa.Storage;
using Callroute.Mfa.TestServers;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Npgsql;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>
/// An application may change settings of a pooled connection, or leave a transaction open. The store may get this connection next. A write
/// on it was once acknowledged without being durable.
/// </summary>
public sealed class PooledConnectionTests
{
    private static readonly MfaSubject Ann = new("Ann");

    [Theory]
    [InlineData("Sql, SQLite", "OFF")]
    [InlineData("Sql, SQLite", "NORMAL")]
    [InlineData("EF, SQLite", "OFF")]
    [InlineData("EF, SQLite", "NORMAL")]
    public async Task TryWriteAsync_PooledConnectionDoesNotSync_SyncsAllTheSame(string name, string level)
    {
        const string extra = "3";
        await using var database = await Database.NewAsync(Database.Sqlite);
        var store = await Engines.Named(name).OpenAsync(database.ConnectionString);
        string[] after = ["", "0"];
        for (var tries = 0; after[1] != "1" && tries < 100; tries++)
        {
            // The pool may drop a connection at any time; the temporary table exists as long as the connection does.
            await database.ExecuteAsync($"PRAGMA synchronous = {level}; CREATE TEMP TABLE IF NOT EXISTS marked (x)");
            await store.TryWriteAsync(Ann, new byte[] { 1 }, Guid.NewGuid(), null, Database.Token);
            after = (await database.QueryAsync(
                "SELECT synchronous || ' ' || (SELECT count(*) FROM temp.sqlite_master WHERE name = 'marked') FROM pragma_synchronous"))
                .Single().Split(' ');
        }

        Assert.Equal([extra, "1"], after);
    }

    [Theory]
    [InlineData("Sql", Database.Sqlite, "")]
    [InlineData("Sql", Database.PostgreSql, ";No Reset On Close=true")]
    [InlineData("Sql", Database.MariaDb, ";Connection Reset=false")]
    [InlineData("EF", Database.Sqlite, "")]
    public async Task TryWriteAsync_PooledConnectionInATransaction_IsNeverToldWithoutBeingDurable(
        string package, string engine, string settings)
    {
        await using var database = await Database.NewAsync(engine);
        await using var pool = Pool(engine, database.ConnectionString + settings);
        await database.NewSqlStore().CreateTableAsync(Database.Token);
        IMfaStore store = package == "EF"
            ? await Engines.Named($"EF, {engine}").OpenAsync(database.ConnectionString)
            : new SqlMfaStore(pool, database.Dialect);
        await using (var leaking = pool.CreateCommand("BEGIN"))
        {
            await leaking.ExecuteNonQueryAsync(Database.Token);
        }

        var told = false;
        var fault = await Record.ExceptionAsync(
            async () => told = await store.TryWriteAsync(Ann, new byte[] { 1 }, Guid.NewGuid(), null, Database.Token));

        SqliteConnection.ClearAllPools();
        Assert.True(told || fault is DbException, $"{told}: {fault}");
        Assert.Equal(told, await database.NewSqlStore().FindAsync(Ann, Database.Token) is not null);
    }

    private static DbDataSource Pool(string engine, string connectionString) => engine switch
    {
        Database.PostgreSql => NpgsqlDataSource.Create(connectionString),
        Database.MariaDb => new MySqlDataSource(connectionString),
        _ => SqliteFactory.Instance.CreateDataSource(connectionString),
    };
}
