using System.Data.Common;
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
        await HangAsync(server, source, SqlDialect.PostgreSql);
    }

    // Opening a connection was tried three times after a time-out, so a request waited for three time-outs.
    [Fact]
    public async Task VerifyAsync_MariaDbHangs_OpensOneConnectionAndRecovers()
    {
        Assert.SkipWhen(MariaDbServer.WhyMissing is not null, MariaDbServer.WhyMissing ?? string.Empty);
        await using var server = await MariaDbServer.StartNewAsync();
        await using var source = new MySqlDataSource(server.ConnectionString + ";Connection Timeout=2");
        var opened = await HangAsync(server, source, SqlDialect.MySql);

        Assert.Equal(1, opened);
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

    /// <returns>How many connections were asked for while the server hung.</returns>
    private static async Task<int> HangAsync(TestServer server, DbDataSource source, SqlDialect dialect)
    {
        await using var counting = new CountingSource(source);
        var store = new SqlMfaStore(counting, dialect, Impatient);
        await store.CreateTableAsync(Token);
        var user = await EnrolledUser.EnrollAsync(store);

        server.Pause();
        var before = counting.Opened;
        var meanwhile = await user.VerifyAsync(user.Code);
        var opened = counting.Opened - before;
        server.Resume();
        await AnswersAsync(source);
        var afterwards = await user.VerifyAsync(user.Code);

        Assert.Equal(RefusalReason.Unavailable, meanwhile.Reason);
        Assert.True(afterwards.Succeeded, $"{afterwards}: {afterwards.Cause}");
        return opened;
    }

    // A busy machine may need more than one time-out until the server runs again.
    private static async Task AnswersAsync(DbDataSource source)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(Token);
                return;
            }
            catch (DbException) when (tries < 20)
            {
            }
        }
    }

    private sealed class CountingSource(DbDataSource inner) : DbDataSource
    {
        public int Opened { get; private set; }

        public override string ConnectionString => inner.ConnectionString;

        protected override DbConnection CreateDbConnection() => inner.CreateConnection();

        protected override ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default)
        {
            Opened++;
            return inner.OpenConnectionAsync(cancellationToken);
        }
    }
}
