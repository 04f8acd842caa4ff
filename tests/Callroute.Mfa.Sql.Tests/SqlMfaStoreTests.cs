using Microsoft.Data.Sqlite;

namespace Callroute.Mfa.Sql.Tests;

public class SqlMfaStoreTests
{
    private const string InMemory = "Data Source=:memory:";

    [Fact]
    public void Options_Defaults_AreTheDocumentedOnes()
    {
        var options = new SqlMfaStoreOptions();

        Assert.Equal("callroute_mfa", options.TableName);
        Assert.Equal(TimeSpan.FromSeconds(5), options.CommandTimeout);
        Assert.False(options.PrepareStatements);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1.5)]
    [InlineData(61)]
    public void Constructor_TimeoutOutOfRange_Throws(double seconds)
    {
        using var source = SqliteFactory.Instance.CreateDataSource(InMemory);
        var timeout = TimeSpan.FromSeconds(seconds);

        var exception = Assert.Throws<ArgumentOutOfRangeException>(
            "options", () => new SqlMfaStore(source, SqlDialect.Sqlite, new SqlMfaStoreOptions { CommandTimeout = timeout }));

        Assert.Contains("CommandTimeout must be 1–60", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Database))]
    public async Task CheckTableAsync_TableMissing_SaysHowToCreateIt(string engine)
    {
        await using var database = await NewAsync(engine);
        var store = database.NewSqlStore();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => store.CheckTableAsync(Token));
        await store.CreateTableAsync(Token);
        await store.CheckTableAsync(Token);

        Assert.Contains("'callroute_mfa' is missing", exception.Message, StringComparison.Ordinal);
        Assert.Contains("CreateTableAsync", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Database))]
    public async Task VerifyAsync_TableGone_IsUnavailableUntilItIsMended(string engine)
    {
        await using var database = await NewAsync(engine);
        var store = database.NewSqlStore();
        await store.CreateTableAsync(Token);
        var user = await EnrolledUser.EnrollAsync(store);

        await database.ExecuteAsync("ALTER TABLE callroute_mfa RENAME TO elsewhere");
        var meanwhile = await user.VerifyAsync(user.Code);
        await database.ExecuteAsync("ALTER TABLE elsewhere RENAME TO callroute_mfa");
        var afterwards = await user.VerifyAsync(user.Code);

        Assert.Equal(RefusalReason.Unavailable, meanwhile.Reason);
        Assert.True(afterwards.Succeeded, $"{afterwards}: {afterwards.Cause}");
    }

    [Fact]
    public async Task CreateTableAsync_SqliteInMemory_SaysToNameAFile()
    {
        await using var source = SqliteFactory.Instance.CreateDataSource(InMemory);
        var store = new SqlMfaStore(source, SqlDialect.Sqlite);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => store.CreateTableAsync(Token));

        Assert.Contains(
            "':memory:', in which every connection has a database of its own: name a file", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Database))]
    public async Task CreateTableAsync_TableOfAnOldSchema_NamesTheColumns(string engine)
    {
        await using var database = await NewAsync(engine);
        await database.ExecuteAsync("CREATE TABLE callroute_mfa (user_id INT, document INT)");

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => database.NewSqlStore().CreateTableAsync(Token));

        Assert.Contains("lacks one of the columns tenant, user_id, version, document", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All), MemberType = typeof(Database))]
    public async Task CreateTableAsync_ManyNodesAtOnce_AllSucceed(string engine)
    {
        await using var database = await NewAsync(engine);

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => database.NewSqlStore().CreateTableAsync(Token))));

        await database.NewSqlStore().CheckTableAsync(Token);
    }

    [Theory]
    [InlineData(Sqlite, "second_factor")]
    [InlineData(PostgreSql, "app.second_factor")]
    [InlineData(MariaDb, "second_factor")]
    public async Task Store_InASchemaAndTableOfItsOwnName_Works(string engine, string table)
    {
        await using var database = await NewAsync(engine);
        await database.ExecuteAsync(engine == PostgreSql ? "CREATE SCHEMA app" : "SELECT 1");
        var store = new SqlMfaStore(database.Source, database.Dialect, new SqlMfaStoreOptions { TableName = table });
        await store.CreateTableAsync(Token);

        var user = await EnrolledUser.EnrollAsync(store);

        Assert.True((await user.VerifyAsync(user.Code)).Succeeded);
    }

    [Fact]
    public async Task TryWriteAsync_TableWithoutAPrimaryKey_Throws()
    {
        await using var database = await NewAsync(MariaDb);
        await database.ExecuteAsync(
            "CREATE TABLE callroute_mfa (tenant VARBINARY(1200), user_id VARBINARY(1200), version CHAR(32), document LONGBLOB)");
        var store = database.NewSqlStore();
        var (ann, version) = (new MfaSubject("Ann"), Guid.NewGuid());
        await store.TryWriteAsync(ann, "{}"u8.ToArray(), version, null, Token);
        await store.TryWriteAsync(ann, "{}"u8.ToArray(), version, null, Token);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await store.TryWriteAsync(ann, "{}"u8.ToArray(), Guid.NewGuid(), version, Token));

        Assert.Contains("no primary key", exception.Message, StringComparison.Ordinal);
    }
}
