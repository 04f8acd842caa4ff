using MySqlConnector;

namespace Callroute.Mfa.Sql.Tests.Issues;

// Where the session's default is READ UNCOMMITTED, a version that was never committed could pass for the proof of a write.
public class MariaDbReadUncommittedTests
{
    [Fact]
    public async Task FindAsync_SessionsReadUncommitted_SeesOnlyWhatIsCommitted()
    {
        await using var database = await Database.NewAsync(Database.MariaDb);
        await using var source = new MySqlDataSource(database.ConnectionString + ";Connection Reset=false;Maximum Pool Size=1");
        await using (var session = source.CreateCommand("SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED"))
        {
            await session.ExecuteNonQueryAsync(Database.Token);
        }

        var store = new SqlMfaStore(source, SqlDialect.MySql);
        await store.CreateTableAsync(Database.Token);
        var (ann, version) = (new MfaSubject("Ann"), Guid.NewGuid());
        await store.TryWriteAsync(ann, new byte[] { 1 }, version, null, Database.Token);

        await using var other = await database.Source.OpenConnectionAsync(Database.Token);
        await using var transaction = await other.BeginTransactionAsync(Database.Token);
        await using var update = other.CreateCommand();
        update.CommandText = $"UPDATE callroute_mfa SET version = '{Guid.NewGuid():N}'";
        update.Transaction = transaction;
        await update.ExecuteNonQueryAsync(Database.Token);
        var found = await store.FindAsync(ann, Database.Token);

        Assert.Equal(version, found?.Version);
    }
}
