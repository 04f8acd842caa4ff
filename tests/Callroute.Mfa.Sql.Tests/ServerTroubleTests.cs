using System.Diagnostics;
using System.Security.Cryptography;
using Callroute.Mfa.TestServers;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Npgsql;

namespace Callroute.Mfa.Sql.Tests;

/// <summary>A disk that is full, and a server that hangs.</summary>
public sealed class ServerTroubleTests
{
    private static readonly SqlMfaStoreOptions Impatient = new() { CommandTimeout = TimeSpan.FromSeconds(1) };

    [Fact]
    public async Task VerifyAsync_FullDiskOfSqlite_LosesNothingAndRecovers()
    {
        await using var database = await NewAsync(Sqlite);
        await using var source = new FullDiskSource(database.ConnectionString);
        var store = new SqlMfaStore(source, SqlDialect.Sqlite);
        await store.CreateTableAsync(Token);
        var user = await EnrolledUser.EnrollAsync(store);

        source.IsFull = true;
        var (written, fault) = await FillAsync(store);
        source.IsFull = false;

        Assert.Contains("full", Assert.IsType<SqliteException>(fault).Message, StringComparison.Ordinal);
        Assert.Null(await store.FindAsync(Big(written), Token));
        Assert.True((await user.VerifyAsync(user.Code)).Succeeded);
    }

    [Fact]
    public async Task VerifyAsync_FullDiskOfPostgreSql_LosesNothingAndRecovers()
    {
        Assert.SkipWhen(PostgreSqlServer.WhyMissing is not null, PostgreSqlServer.WhyMissing ?? string.Empty);
        await using var server = await PostgreSqlServer.StartNewAsync();
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        var store = new SqlMfaStore(source, SqlDialect.PostgreSql);
        await store.CreateTableAsync(Token);
        var user = await EnrolledUser.EnrollAsync(store);

        server.LimitFileSize(bytes: 32 << 20);
        var (written, fault) = await FillAsync(store);
        server.LimitFileSize(bytes: null);

        Assert.Contains("could not extend file", Assert.IsType<PostgresException>(fault).Message, StringComparison.Ordinal);
        Assert.NotNull(await store.FindAsync(Big(written - 1), Token));
        Assert.Null(await store.FindAsync(Big(written), Token));
        Assert.True((await user.VerifyAsync(user.Code)).Succeeded);
    }

    [Fact]
    public async Task VerifyAsync_PostgreSqlHangs_IsUnavailableAfterTheTimeoutAndRecovers()
    {
        Assert.SkipWhen(PostgreSqlServer.WhyMissing is not null, PostgreSqlServer.WhyMissing ?? string.Empty);
        await using var server = await PostgreSqlServer.StartNewAsync();
        await using var source = NpgsqlDataSource.Create(server.ConnectionString + ";Timeout=1;Cancellation Timeout=500");
        await HangAsync(server, new SqlMfaStore(source, SqlDialect.PostgreSql, Impatient));
    }

    // Opening a connection was tried three times after a time-out, so a request waited for three time-outs.
    [Fact]
    public async Task VerifyAsync_MariaDbHangs_WaitsForOneConnectTimeoutAndRecovers()
    {
        Assert.SkipWhen(MariaDbServer.WhyMissing is not null, MariaDbServer.WhyMissing ?? string.Empty);
        await using var server = await MariaDbServer.StartNewAsync();
        await using var source = new MySqlDataSource(server.ConnectionString + ";Connection Timeout=2");
        var waited = await HangAsync(server, new SqlMfaStore(source, SqlDialect.MySql, Impatient));

        Assert.InRange(waited, TimeSpan.Zero, TimeSpan.FromSeconds(4));
    }

    private static async Task<TimeSpan> HangAsync(TestServer server, SqlMfaStore store)
    {
        await store.CreateTableAsync(Token);
        var user = await EnrolledUser.EnrollAsync(store);

        server.Pause();
        var watch = Stopwatch.StartNew();
        var meanwhile = await user.VerifyAsync(user.Code);
        watch.Stop();
        server.Resume();
        var afterwards = await user.VerifyAsync(user.Code);

        Assert.Equal(RefusalReason.Unavailable, meanwhile.Reason);
        Assert.True(afterwards.Succeeded, $"{afterwards}: {afterwards.Cause}");
        return watch.Elapsed;
    }

    private static async Task<(int Written, Exception? Fault)> FillAsync(SqlMfaStore store)
    {
        var written = 0;
        var fault = await Record.ExceptionAsync(async () =>
        {
            for (; written < 100; written++)
            {
                await store.TryWriteAsync(Big(written), RandomNumberGenerator.GetBytes(1 << 20), Guid.NewGuid(), null, Token);
            }
        });
        return (written, fault);
    }

    private static MfaSubject Big(int number) => new($"big-{number}");
}
