using System.Data.Common;
using Callroute.Mfa.TestServers;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Npgsql;

namespace Callroute.Mfa.Sql.Tests;

public class SqlMfaStoreTests
{
    private static readonly MfaSubject User = new("user-1");

    public static TheoryData<SqlDialect, DbDataSource> Unreachable => new()
    {
        { SqlDialect.Sqlite, SqliteFactory.Instance.CreateDataSource("Data Source=/no/such/folder/mfa.db") },
        { SqlDialect.PostgreSql, NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Password=verysecret;Timeout=2") },
        { SqlDialect.MySql, new MySqlDataSource("Server=127.0.0.1;Port=1;User ID=nobody;Password=verysecret;Connection Timeout=2") },
    };

    [Fact]
    public void Options_Defaults_AreTheDocumentedOnes()
    {
        var options = new SqlMfaStoreOptions();

        Assert.Equal("callroute_mfa", options.TableName);
        Assert.Equal(TimeSpan.FromSeconds(5), options.CommandTimeout);
        Assert.True(options.PrepareStatements);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1.5)]
    [InlineData(61)]
    public void Constructor_TimeoutOutOfRange_Throws(double seconds)
    {
        using var source = SqliteFactory.Instance.CreateDataSource("Data Source=:memory:");

        var exception = Assert.Throws<ArgumentOutOfRangeException>("options", () => new SqlMfaStore(source, SqlDialect.Sqlite, new SqlMfaStoreOptions { CommandTimeout = TimeSpan.FromSeconds(seconds) }));

        Assert.Contains("CommandTimeout must be 1–60", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryMethod_DefaultSubject_Throws()
    {
        using var source = SqliteFactory.Instance.CreateDataSource("Data Source=:memory:");
        var store = new SqlMfaStore(source, SqlDialect.Sqlite);

        await Assert.ThrowsAsync<ArgumentException>("subject", async () => await store.FindAsync(default, Database.Token));
        await Assert.ThrowsAsync<ArgumentException>("subject", async () => await store.TryWriteAsync(default, default, Guid.NewGuid(), null, Database.Token));
        await Assert.ThrowsAsync<ArgumentException>("subject", async () => await store.TryDeleteAsync(default, Guid.NewGuid(), Database.Token));
    }

    [Theory]
    [MemberData(nameof(Unreachable))]
    public async Task CheckTableAsync_DatabaseOutOfReach_ThrowsTheDriversErrorWithoutThePassword(SqlDialect dialect, DbDataSource source)
    {
        var store = new SqlMfaStore(source, dialect);

        var exception = await Assert.ThrowsAnyAsync<DbException>(() => store.CheckTableAsync(Database.Token));

        Assert.DoesNotContain("verysecret", exception.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Unreachable))]
    public async Task VerifyAsync_DatabaseOutOfReach_IsUnavailable(SqlDialect dialect, DbDataSource source)
    {
        var store = new SqlMfaStore(source, dialect);
        var mfa = StoreProbe.ProbeService.Create(store, Convert.ToBase64String(new byte[32]), TimeProvider.System);

        var result = await mfa.VerifyAsync(User, "123456", mfa.BeginAttempt(), Database.Token);

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.IsAssignableFrom<DbException>(result.Cause);
    }

    [Theory]
    [MemberData(nameof(Database.All), MemberType = typeof(Database))]
    public async Task CheckTableAsync_TableMissing_SaysHowToCreateIt(string engine)
    {
        await using var database = await Database.NewAsync(engine);
        var store = database.NewStore();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => store.CheckTableAsync(Database.Token));
        await store.CreateTableAsync(Database.Token);
        await store.CheckTableAsync(Database.Token);

        Assert.Contains("'callroute_mfa' is missing", exception.Message, StringComparison.Ordinal);
        Assert.Contains("CreateTableAsync", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateTableAsync_SqliteInMemory_SaysToNameAFile()
    {
        await using var source = Microsoft.Data.Sqlite.SqliteFactory.Instance.CreateDataSource("Data Source=:memory:");
        var store = new SqlMfaStore(source, SqlDialect.Sqlite);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => store.CreateTableAsync(Database.Token));

        Assert.Contains("':memory:', in which every connection has a database of its own: name a file", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Database.All), MemberType = typeof(Database))]
    public async Task CreateTableAsync_TableOfAnOldSchema_SaysWhichColumnsItWants(string engine)
    {
        await using var database = await Database.NewAsync(engine);
        await database.ExecuteAsync("CREATE TABLE callroute_mfa (user_id INT, document INT)");
        var store = database.NewStore();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => store.CreateTableAsync(Database.Token));

        Assert.Contains("lacks one of the columns tenant, user_id, version, document", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Database.All), MemberType = typeof(Database))]
    public async Task VerifyAsync_TableDroppedAndMended_IsUnavailableMeanwhileAndRecovers(string engine)
    {
        await using var database = await Database.NewAsync(engine);
        var store = database.NewStore();
        await store.CreateTableAsync(Database.Token);
        var signIns = await SignIns.EnrollAsync(store);

        await database.ExecuteAsync("ALTER TABLE callroute_mfa RENAME TO elsewhere");
        var meanwhile = await signIns.VerifyAsync(signIns.Code);
        await database.ExecuteAsync("ALTER TABLE elsewhere RENAME TO callroute_mfa");
        var afterwards = await signIns.VerifyAsync(signIns.Code);

        Assert.Equal(RefusalReason.Unavailable, meanwhile.Reason);
        Assert.True(afterwards.Succeeded, $"{afterwards}: {afterwards.Cause}");
    }

    [Theory]
    [MemberData(nameof(Database.All), MemberType = typeof(Database))]
    public async Task CreateTableAsync_ManyNodesAtOnce_AllSucceed(string engine)
    {
        await using var database = await Database.NewAsync(engine);

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            var store = database.NewStore();
            await store.CreateTableAsync(Database.Token);
        })));

        var checking = database.NewStore();
        await checking.CheckTableAsync(Database.Token);
    }

    [Theory]
    [MemberData(nameof(Database.All), MemberType = typeof(Database))]
    public async Task Store_InASchemaAndTableOfItsOwnName_Works(string engine)
    {
        await using var database = await Database.NewAsync(engine);
        if (engine == Database.PostgreSql)
        {
            await database.ExecuteAsync("CREATE SCHEMA app");
        }

        var table = engine == Database.PostgreSql ? "app.second_factor" : "second_factor";
        var store = new SqlMfaStore(database.Source, database.Dialect, new SqlMfaStoreOptions { TableName = table });
        await store.CreateTableAsync(Database.Token);

        var signIns = await SignIns.EnrollAsync(store);

        Assert.True((await signIns.VerifyAsync(signIns.Code)).Succeeded);
    }

    [Fact]
    public async Task TryWriteAsync_TableWithoutAPrimaryKey_Throws()
    {
        await using var database = await Database.NewAsync(Database.MariaDb);
        await database.ExecuteAsync("CREATE TABLE callroute_mfa (tenant VARBINARY(1200), user_id VARBINARY(1200), version CHAR(32), document LONGBLOB)");
        var store = database.NewStore();
        var version = Guid.NewGuid();
        await store.TryWriteAsync(User, "{}"u8.ToArray(), version, null, Database.Token);
        await store.TryWriteAsync(User, "{}"u8.ToArray(), version, null, Database.Token);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(async () => await store.TryWriteAsync(User, "{}"u8.ToArray(), Guid.NewGuid(), version, Database.Token));

        Assert.Contains("no primary key", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VerifyAsync_FullDiskOfSqlite_IsUnavailableLosesNothingAndRecovers()
    {
        await using var database = await Database.NewAsync(Database.Sqlite);
        await using var source = new FullDiskSource(database.ConnectionString);
        var store = new SqlMfaStore(source, SqlDialect.Sqlite);
        await store.CreateTableAsync(Database.Token);
        var signIns = await SignIns.EnrollAsync(store);

        source.IsFull = true;
        await Assert.ThrowsAsync<SqliteException>(async () => await store.TryWriteAsync(new MfaSubject("big"), new byte[1 << 20], Guid.NewGuid(), null, Database.Token));
        var enrolling = await Record.ExceptionAsync(async () => await FillAsync(signIns));
        source.IsFull = false;

        Assert.Contains("full", Assert.IsType<SqliteException>(enrolling).Message, StringComparison.Ordinal);
        Assert.Null(await store.FindAsync(new MfaSubject("big"), Database.Token));
        Assert.True((await signIns.VerifyAsync(signIns.Code)).Succeeded);
    }

    private static async Task FillAsync(SignIns signIns)
    {
        for (var i = 0; i < 100; i++)
        {
            await signIns.Mfa.BeginEnrollmentAsync(new MfaSubject($"another-{i}"), "bob@example.com", cancellationToken: Database.Token);
        }
    }

    [Fact]
    public async Task VerifyAsync_FullDiskOfPostgreSql_IsUnavailableLosesNothingAndRecovers()
    {
        Assert.SkipWhen(PostgreSqlServer.WhyMissing is not null, PostgreSqlServer.WhyMissing ?? string.Empty);
        await using var server = await PostgreSqlServer.StartNewAsync();
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        var store = new SqlMfaStore(source, SqlDialect.PostgreSql);
        await store.CreateTableAsync(Database.Token);
        var signIns = await SignIns.EnrollAsync(store);

        server.LimitFileSize(bytes: 32 << 20);
        var written = 0;
        var fault = await Record.ExceptionAsync(async () =>
        {
            for (; written < 100; written++)
            {
                await store.TryWriteAsync(new MfaSubject($"big-{written}"), System.Security.Cryptography.RandomNumberGenerator.GetBytes(1 << 20), Guid.NewGuid(), null, Database.Token);
            }
        });
        server.LimitFileSize(bytes: null);
        var mended = await signIns.VerifyAsync(signIns.Code);

        Assert.Contains("could not extend file", Assert.IsType<PostgresException>(fault).Message, StringComparison.Ordinal);
        Assert.NotNull(await store.FindAsync(new MfaSubject($"big-{written - 1}"), Database.Token));
        Assert.Null(await store.FindAsync(new MfaSubject($"big-{written}"), Database.Token));
        Assert.True(mended.Succeeded, $"{mended}: {mended.Cause}");
    }

    [Fact]
    public async Task VerifyAsync_PostgreSqlGoesAwayAndComesBack_IsUnavailableMeanwhileAndRecovers()
    {
        Assert.SkipWhen(PostgreSqlServer.WhyMissing is not null, PostgreSqlServer.WhyMissing ?? string.Empty);
        await using var server = await PostgreSqlServer.StartNewAsync();
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        await AwayAndBackAsync(server, new SqlMfaStore(source, SqlDialect.PostgreSql));
    }

    [Fact]
    public async Task VerifyAsync_MariaDbGoesAwayAndComesBack_IsUnavailableMeanwhileAndRecovers()
    {
        Assert.SkipWhen(MariaDbServer.WhyMissing is not null, MariaDbServer.WhyMissing ?? string.Empty);
        await using var server = await MariaDbServer.StartNewAsync();
        await using var source = new MySqlDataSource(server.ConnectionString);
        await AwayAndBackAsync(server, new SqlMfaStore(source, SqlDialect.MySql));
    }

    [Fact]
    public async Task VerifyAsync_PostgreSqlHangs_IsUnavailableAfterTheTimeoutAndRecovers()
    {
        Assert.SkipWhen(PostgreSqlServer.WhyMissing is not null, PostgreSqlServer.WhyMissing ?? string.Empty);
        await using var server = await PostgreSqlServer.StartNewAsync();
        await using var source = NpgsqlDataSource.Create(server.ConnectionString + ";Timeout=1;Cancellation Timeout=500");
        var store = new SqlMfaStore(source, SqlDialect.PostgreSql, new SqlMfaStoreOptions { CommandTimeout = TimeSpan.FromSeconds(1) });
        await store.CreateTableAsync(Database.Token);
        var signIns = await SignIns.EnrollAsync(store);

        server.Pause();
        var meanwhile = await signIns.VerifyAsync(signIns.Code);
        server.Resume();
        var afterwards = await signIns.VerifyAsync(signIns.Code);

        Assert.Equal(RefusalReason.Unavailable, meanwhile.Reason);
        Assert.True(afterwards.Succeeded, $"{afterwards}: {afterwards.Cause}");
    }

    private static async Task AwayAndBackAsync(TestServer server, SqlMfaStore store)
    {
        await store.CreateTableAsync(Database.Token);
        var signIns = await SignIns.EnrollAsync(store);

        await server.KillAsync();
        var meanwhile = await signIns.VerifyAsync(signIns.Code);
        await server.StartAsync();
        var afterwards = await signIns.VerifyAsync(signIns.Code);

        Assert.Equal(RefusalReason.Unavailable, meanwhile.Reason);
        Assert.True(afterwards.Succeeded, $"{afterwards}: {afterwards.Cause}");
    }
}
