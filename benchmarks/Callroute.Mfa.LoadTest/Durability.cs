using System.Data.Common;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Npgsql;
using StackExchange.Redis;

namespace Callroute.Mfa.LoadTest;

/// <summary>Reads the settings that determine when a server's writes are on the disk. Figures cannot be compared without them.</summary>
internal static class Durability
{
    public static Task<string> AskAsync(string engine, string connectionString) => engine switch
    {
        _ when engine.Contains("SQLite", StringComparison.Ordinal) => AskSqliteAsync(connectionString),
        _ when engine.Contains("PostgreSQL", StringComparison.Ordinal) => AskPostgreSqlAsync(connectionString),
        _ when engine.Contains("MariaDB", StringComparison.Ordinal) => AskMariaDbAsync(connectionString),
        _ => AskRedisAsync(connectionString),
    };

    private static async Task<string> AskSqliteAsync(string connectionString)
    {
        await using var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync();
        var synchronous = await AskAsync(connection, "PRAGMA synchronous") switch
        {
            "3" => "EXTRA",
            "2" => "FULL",
            "1" => "NORMAL",
            var other => other,
        };
        return $"journal_mode {await AskAsync(connection, "PRAGMA journal_mode")}, synchronous {synchronous}";
    }

    private static async Task<string> AskPostgreSqlAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        var commit = await AskAsync(connection, "SHOW synchronous_commit");
        var buffers = await AskAsync(connection, "SHOW shared_buffers");
        return $"fsync {await AskAsync(connection, "SHOW fsync")}, synchronous_commit {commit}, shared_buffers {buffers}";
    }

    private static async Task<string> AskMariaDbAsync(string connectionString)
    {
        await using var connection = new MySqlConnection(connectionString);
        await connection.OpenAsync();
        return $"innodb_flush_log_at_trx_commit {await AskAsync(connection, "SELECT @@innodb_flush_log_at_trx_commit")}";
    }

    private static async Task<string> AskRedisAsync(string connectionString)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{connectionString},allowAdmin=true");
        var settings = (await redis.GetServers()[0].ConfigGetAsync("append*")).ToDictionary();
        return $"appendonly {settings["appendonly"]}, appendfsync {settings["appendfsync"]}";
    }

    private static async Task<string> AskAsync(DbConnection connection, string statement)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        return $"{await command.ExecuteScalarAsync()}";
    }
}
