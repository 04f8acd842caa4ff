using MySqlConnector;

namespace Callroute.Mfa.Sql.Tests.Issues;

// MySqlConnector with GuidFormat=Char32 reads every CHAR(32) as a Guid, so no record could be read.
public class MySqlConnectorGuidFormatTests
{
    [Fact]
    public async Task FindAsync_GuidFormatChar32_ReadsTheVersion()
    {
        await using var database = await Database.NewAsync(Database.MariaDb);
        await using var source = new MySqlDataSource(database.ConnectionString + ";Guid Format=Char32");
        var store = new SqlMfaStore(source, SqlDialect.MySql);
        await store.CreateTableAsync(Database.Token);
        var (ann, version) = (new MfaSubject("Ann"), Guid.NewGuid());
        await store.TryWriteAsync(ann, new byte[] { 1 }, version, null, Database.Token);

        var found = await store.FindAsync(ann, Database.Token);

        Assert.Equal(version, found?.Version);
    }
}
