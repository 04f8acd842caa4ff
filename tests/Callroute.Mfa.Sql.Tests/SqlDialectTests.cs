namespace Callroute.Mfa.Sql.Tests;

/// <summary>The text of every statement. Those of SQL Server have no other test: no server of it runs here.</summary>
public class SqlDialectTests
{
    private static readonly SqlDialect[] Dialects = [SqlDialect.Sqlite, SqlDialect.PostgreSql, SqlDialect.MySql, SqlDialect.SqlServer];

    [Fact]
    public void GetCreateTableStatement_EveryDialect_StandsInTheDocumentation()
    {
        var page = Repository.Read("docs/stores.md");

        Assert.All(Dialects, dialect =>
            Assert.Contains($"```sql\n{dialect.GetCreateTableStatement()}\n```", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Statements_SqlServer_SwapInOneStatementEach()
    {
        var statements = new SqlStatements(SqlDialect.SqlServer, "app.mfa");

        const string key = "@tenant AS tenant, @user_id AS user_id";
        Assert.Equal(
            $"SELECT 'find app.mfa' AS statement, {key}, found.version, found.document FROM (SELECT 1 AS one) AS question"
            + " LEFT JOIN app.mfa AS found ON found.tenant = @tenant AND found.user_id = @user_id",
            statements.Find.Text);
        Assert.Equal(
            "INSERT INTO app.mfa (tenant, user_id, version, document) SELECT @tenant, @user_id, @version, @document"
            + " WHERE NOT EXISTS (SELECT 1 FROM app.mfa WITH (UPDLOCK, HOLDLOCK) WHERE tenant = @tenant AND user_id = @user_id)"
            + $"; SELECT 'insert app.mfa' AS statement, {key}, @version AS version, @@ROWCOUNT AS written",
            statements.Insert.Text);
        Assert.Equal(
            "UPDATE app.mfa SET version = @version, document = @document"
            + " WHERE tenant = @tenant AND user_id = @user_id AND version = @expected"
            + $"; SELECT 'update app.mfa' AS statement, {key}, @version AS version, @@ROWCOUNT AS written",
            statements.Update.Text);
        Assert.Equal(
            "DELETE FROM app.mfa WHERE tenant = @tenant AND user_id = @user_id AND version = @expected"
            + $"; SELECT 'delete app.mfa' AS statement, {key}, @expected AS version, @@ROWCOUNT AS written",
            statements.Delete.Text);
        Assert.Equal(
            "UPDATE app.mfa SET version = version, document = document WHERE tenant = '' AND 1 = 0"
            + "; DELETE FROM app.mfa WHERE user_id = '' AND 1 = 0; INSERT INTO app.mfa (tenant, user_id, version, document)"
            + " SELECT tenant, user_id, version, document FROM app.mfa WHERE 1 = 0",
            statements.Check);
        Assert.Equal(
            $"SELECT 'scan app.mfa' AS statement, {key}, page.tenant, page.user_id FROM (SELECT 1 AS one) AS question LEFT JOIN ("
            + "SELECT TOP (@count) tenant, user_id FROM ("
            + "SELECT tenant, user_id FROM (SELECT TOP (@count) tenant, user_id FROM app.mfa"
            + " WHERE tenant = @tenant AND user_id > @user_id ORDER BY tenant, user_id) AS same_tenant"
            + " UNION ALL SELECT tenant, user_id FROM (SELECT TOP (@count) tenant, user_id FROM app.mfa"
            + " WHERE tenant > @tenant ORDER BY tenant, user_id) AS later_tenants) AS both_ranges ORDER BY tenant, user_id"
            + ") AS page ON 1 = 1 ORDER BY page.tenant, page.user_id",
            statements.Scan.Text);
    }

    [Fact]
    public void ToKey_LongestId_FitsTheIndex()
    {
        var longest = new string('\uffee', MfaSubject.MaximumLength);

        Assert.Equal(800, Assert.IsType<byte[]>(SqlDialect.SqlServer.ToKey(longest)).Length);
        Assert.Equal(1200, Assert.IsType<byte[]>(SqlDialect.MySql.ToKey(longest)).Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("mfa; DROP TABLE users")]
    [InlineData("mfa\n")]
    [InlineData("Mfa")]
    [InlineData("1mfa")]
    [InlineData("a.b.c")]
    [InlineData(".mfa")]
    [InlineData("mfä")]
    [InlineData("a123456789b123456789c123456789d123456789e123456789f123456789g123")]
    public void GetCreateTableStatement_OtherThanAPlainName_Throws(string tableName) =>
        Assert.Throws<ArgumentException>(nameof(tableName), () => SqlDialect.Sqlite.GetCreateTableStatement(tableName));

    [Fact]
    public void ToString_EveryDialect_IsItsName() =>
        Assert.Equal(["SQLite", "PostgreSQL", "MySQL", "SQL Server"], Dialects.Select(dialect => $"{dialect}"));
}
