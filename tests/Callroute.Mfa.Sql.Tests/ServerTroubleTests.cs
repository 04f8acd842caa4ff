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

    // On a busy machine a statement that nothing hinders may take longer than a second, too.
    private static readonly SqlMfaStoreOptions Patient = new() { CommandTimeout = TimeSpan.FromMinutes(1) };

    [Fact]
    public async Task VerifyAsync_PostgreSqlHangs_OpensOneConnectionAndRecovers()
    {
        Assert.SkipWhen(PostgreSqlServer.WhyMissing is not null, PostgreSqlServer.WhyMissing ?? string.Empty);
        await using var server = await PostgreSqlServer.StartNewAsync();
        await using var calm = NpgsqlDataSource.Create(server.ConnectionString);
        await using var source = NpgsqlDataSource.Create(server.ConnectionString + ";Timeout=1;Cancellation Timeout=500");

        var opened = await HangAsync(server, await EnrollAsync(calm, SqlDialect.PostgreSql), source, SqlDialect.PostgreSql);

        Assert.Equal(1, opened);
    }

    // Opening a connection was tried three times after a time-out, so a request waited for three time-outs.
    [Fact]
    public async Task VerifyAsync_MariaDbHangs_OpensOneConnectionAndRecovers()
    {
        Assert.SkipWhen(MariaDbServer.WhyMissing is not null, MariaDbServer.WhyMissing ?? string.Empty);
        await using var server = await MariaDbServer.StartNewAsync();
        await using var calm = new MySqlDataSource(server.ConnectionString);
        await using var source = new MySqlDataSource(server.ConnectionString + ";Connection Timeout=2");

        var opened = await HangAsync(server, await EnrollAsync(calm, SqlDialect.MySql), source, SqlDialect.MySql);

        Assert.Equal(1, opened);
    }

    // When a driver cancels a statement at its time-out, PostgreSQL ends the wait for the standby and reports the write as done.
    [Fact]
    public async Task VerifyAsync_PostgreSqlWithoutItsSynchronousStandby_IsUnavailable()
    {
        Assert.SkipWhen(PostgreSqlServer.WhyMissing is not null, PostgreSqlServer.WhyMissing ?? string.Empty);
        await using var server = await PostgreSqlServer.StartNewAsync();
        await using var source = NpgsqlDataSource.Create(server.ConnectionString + ";Cancellation Timeout=60000");
        var user = await EnrollAsync(source, SqlDialect.PostgreSql);
        await using (var set = source.CreateCommand("ALTER SYSTEM SET synchronous_standby_names = 'absent'"))
        {
            await set.ExecuteNonQueryAsync(Token);
        }

        await server.KillAsync();
        await server.StartAsync();
        source.Clear();
        await user.FailuresAsync();
        var impatient = user.ServiceOn(new SqlMfaStore(source, SqlDialect.PostgreSql, Impatient));
        var result = await user.VerifyAsync(user.Code, impatient);

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.StartsWith("The database answered a write after its time-out", result.Cause!.Message, StringComparison.Ordinal);
    }

    /// <returns>How many connections were asked for while the server hung.</returns>
    private static async Task<int> HangAsync(TestServer server, EnrolledUser user, DbDataSource source, SqlDialect dialect)
    {
        await using var counting = new CountingSource(source);
        var impatient = user.ServiceOn(new SqlMfaStore(counting, dialect, Impatient));

        // Fills the pool. No authenticator has codes of eight digits, so the answer tells that the database was read.
        await Waiting.UntilAsync(async () => (await user.VerifyAsync("12345678", impatient)).Reason == RefusalReason.Malformed);

        server.Pause();
        var before = counting.Opened;
        var meanwhile = await user.VerifyAsync(user.Code, impatient);
        var opened = counting.Opened - before;
        server.Resume();

        Assert.Equal(RefusalReason.Unavailable, meanwhile.Reason);
        var attempt = user.Mfa.BeginAttempt();
        await Waiting.UntilAsync(async () => (await user.VerifyAsync(user.Code, impatient, attempt)).Succeeded);
        return opened;
    }

    private static async Task<EnrolledUser> EnrollAsync(DbDataSource source, SqlDialect dialect)
    {
        var store = new SqlMfaStore(source, dialect, Patient);
        await store.CreateTableAsync(Token);
        return await EnrolledUser.EnrollAsync(store);
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
