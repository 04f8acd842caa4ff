using Callroute.Mfa.TestServers;
using MySqlConnector;

namespace Callroute.Mfa.Sql.Tests.Issues;

// A server with autocommit=0 left every write in a transaction that nobody committed: it was told done and then rolled back.
public class MariaDbAutocommitOffTests
{
    [Fact]
    public async Task TryWriteAsync_ServerWithoutAutocommit_IsCommittedWhenTold()
    {
        Assert.SkipWhen(MariaDbServer.WhyMissing is not null, MariaDbServer.WhyMissing ?? string.Empty);
        await using var server = await MariaDbServer.StartNewAsync();
        await using (var administrator = new MySqlDataSource(server.ConnectionString + ";Pooling=false"))
        {
            await using var command = administrator.CreateCommand("SET GLOBAL autocommit = 0");
            await command.ExecuteNonQueryAsync(Database.Token);
        }

        await using var source = new MySqlDataSource(server.ConnectionString);
        var store = new SqlMfaStore(source, SqlDialect.MySql);
        await store.CreateTableAsync(Database.Token);
        var (ann, version) = (new MfaSubject("Ann"), Guid.NewGuid());

        var told = await store.TryWriteAsync(ann, new byte[] { 1 }, version, null, Database.Token);

        Assert.True(told);
        Assert.Equal(version, (await store.FindAsync(ann, Database.Token))?.Version);
    }
}
