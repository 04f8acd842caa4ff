using System.Data.Common;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using Npgsql;

namespace Callroute.Mfa.Sql.Tests;

/// <summary>What is wrong with a database, and what to do, in one message each.</summary>
public sealed class DatabaseCheckTests
{
    private const string Reader = "reader";
    private const string Password = "verysecret";
    private const string Unreachable = "Check that the server runs, the connection string, the user";

    [Theory]
    [InlineData(Sqlite, ";Mode=ReadOnly", "The database is read-only: it is a standby, or this process may not write")]
    [InlineData(PostgreSql, ";Options=-c default_transaction_read_only=on", "Connect to the primary (Npgsql: Target Session Attributes")]
    [InlineData(PostgreSql, ";Username=" + Reader, "may not use the table 'callroute_mfa'. Grant it SELECT, INSERT, UPDATE and DELETE")]
    [InlineData(MariaDb, ";User ID=" + Reader, "may not use the table 'callroute_mfa'. Grant it SELECT, INSERT, UPDATE and DELETE")]
    public async Task CheckTableAsync_DatabaseThatCannotBeWritten_SaysWhy(string engine, string settings, string expected)
    {
        await using var database = await NewAsync(engine);
        await database.NewSqlStore().CreateTableAsync(Token);
        var reader = $"reader_{Guid.NewGuid():N}"[..20];
        await database.ExecuteAsync(engine switch
        {
            PostgreSql => $"CREATE ROLE {reader} LOGIN; GRANT SELECT ON callroute_mfa TO {reader}",
            MariaDb => $"CREATE USER {reader}; GRANT SELECT ON callroute_mfa TO {reader}",
            _ => "SELECT 1",
        });
        await using var source = Open(engine, database.ConnectionString + settings.Replace(Reader, reader, StringComparison.Ordinal));

        await SaysAsync(expected, new SqlMfaStore(source, database.Dialect));
    }

    [Theory]
    [InlineData(Sqlite, "Data Source=/no/such/folder/mfa.db", "its folder does not exist, or this process may not write to the file")]
    [InlineData(PostgreSql, $"Host=127.0.0.1;Port=1;Username=nobody;Password={Password};Timeout=2", Unreachable)]
    [InlineData(MariaDb, $"Server=127.0.0.1;Port=1;User ID=nobody;Password={Password};Connection Timeout=2", Unreachable)]
    public async Task Store_DatabaseThatCannotBeOpened_SaysWhatToCheckAndVerifiesNobody(string engine, string connection, string expected)
    {
        await using var source = Open(engine, connection);
        var store = new SqlMfaStore(
            source, engine switch { Sqlite => SqlDialect.Sqlite, PostgreSql => SqlDialect.PostgreSql, _ => SqlDialect.MySql });
        var mfa = TestServers.TestService.Create(store);

        await SaysAsync(expected, store);
        var result = await mfa.VerifyAsync(new MfaSubject("user-1"), "123456", mfa.BeginAttempt(), cancellationToken: Token);

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.IsAssignableFrom<DbException>(result.Cause);
    }

    [Theory]
    [InlineData("26000")]
    [InlineData("42P05")]
    public void Explain_PreparedStatementLost_NamesThePooler(string sqlState)
    {
        var fault = new PostgresException("prepared statement \"_p1\"", "ERROR", "ERROR", sqlState);

        var explained = DatabaseDiagnosis.Explain(fault, "callroute_mfa", string.Empty);

        Assert.StartsWith("A connection pooler mixes prepared statements", explained.Message, StringComparison.Ordinal);
        Assert.Contains("remove Max Auto Prepare", explained.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckTableAsync_ServerThatAcknowledgesTooEarly_IsNotSupported()
    {
        await using var database = await NewAsync(PostgreSql);
        await database.NewSqlStore().CreateTableAsync(Token);
        await using var source = Open(PostgreSql, database.ConnectionString + ";Options=-c synchronous_commit=off");

        var refused = await Assert.ThrowsAsync<NotSupportedException>(
            () => new SqlMfaStore(source, SqlDialect.PostgreSql).CheckTableAsync(Token));

        Assert.Contains("synchronous_commit is off: after a crash", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Set it to on", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fsync is off: if the machine", "fsync=off synchronous_commit=on")]
    [InlineData("synchronous_commit is local: no write", "fsync=on synchronous_commit=local")]
    [InlineData("synchronous_commit is off: after a crash", "fsync=off synchronous_commit=off")]
    [InlineData("innodb_flush_log_at_trx_commit is 2: after a crash", "innodb_flush_log_at_trx_commit=2 wsrep_on=OFF")]
    [InlineData("innodb_flush_log_at_trx_commit is 0: if all nodes", "innodb_flush_log_at_trx_commit=0 wsrep_on=ON wsrep_sync_wait=7")]
    [InlineData("wsrep_sync_wait is 6: a node of Galera may read", "innodb_flush_log_at_trx_commit=1 wsrep_on=ON wsrep_sync_wait=6")]
    [InlineData("", "innodb_flush_log_at_trx_commit=1 wsrep_on=OFF wsrep_sync_wait=0")]
    [InlineData("", "wsrep_on=ON wsrep_sync_wait=1")]
    [InlineData("", "fsync=on synchronous_commit=remote_apply")]
    public void Check_SettingsOfAServer_RefusesOrWarns(string expected, string settings)
    {
        var values = settings.Split(' ').Select(setting => setting.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        IReadOnlyList<string> warnings = [];

        var refused = Record.Exception(() => warnings = ServerSettings.Check(values));

        Assert.StartsWith(expected, refused?.Message ?? warnings.SingleOrDefault() ?? string.Empty, StringComparison.Ordinal);
        Assert.Equal(expected.Contains("after a crash", StringComparison.Ordinal), refused is NotSupportedException);
        Assert.Equal(expected.Length == 0, refused is null && warnings.Count == 0);
    }

    private static async Task SaysAsync(string expected, SqlMfaStore store)
    {
        var atTheStart = await Assert.ThrowsAsync<InvalidOperationException>(() => store.CheckTableAsync(Token));

        Assert.Contains(expected, atTheStart.Message, StringComparison.Ordinal);
        Assert.Contains(((DbException)atTheStart.InnerException!).Message, atTheStart.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, atTheStart.ToString(), StringComparison.Ordinal);
    }

    private static DbDataSource Open(string engine, string connectionString) => engine switch
    {
        Sqlite => SqliteFactory.Instance.CreateDataSource(connectionString),
        PostgreSql => NpgsqlDataSource.Create(connectionString),
        _ => new MySqlDataSource(connectionString),
    };
}
