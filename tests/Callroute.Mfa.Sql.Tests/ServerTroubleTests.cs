using System.Diagnostics;
using Callroute.Mfa.TestServers;
using MySqlConnector;
using Npgsql;

namespace Callroute.Mfa.Sql.Tests;

/// <summary>A server that hangs, and one that waits for its standby.</summary>
public sealed class ServerTroubleTests
{
    private static readonly MfaSubject Ann = new("Ann");
    private static readonly SqlMfaStoreOptions Impatient = new() { CommandTimeout = TimeSpan.FromSeconds(1) };

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

    // When a driver cancels a statement at its time-out, PostgreSQL ends the wait for the standby and reports the write as done.
    [Fact]
    public async Task VerifyAsync_PostgreSqlWithoutItsSynchronousStandby_IsUnavailable()
    {
        Assert.SkipWhen(PostgreSqlServer.WhyMissing is not null, PostgreSqlServer.WhyMissing ?? string.Empty);
        await using var server = await PostgreSqlServer.StartNewAsync();
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        var store = new SqlMfaStore(source, SqlDialect.PostgreSql, Impatient);
        await store.CreateTableAsync(Token);
        var user = await EnrolledUser.EnrollAsync(store);
        await using (var set = source.CreateCommand("ALTER SYSTEM SET synchronous_standby_names = 'absent'"))
        {
            await set.ExecuteNonQueryAsync(Token);
        }

        await server.KillAsync();
        await server.StartAsync();
        source.Clear();
        var result = await user.VerifyAsync(user.Code);

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.StartsWith("The database answered a write after its time-out", result.Cause!.Message, StringComparison.Ordinal);
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
}
