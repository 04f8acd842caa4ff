using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Sql.Tests.Issues;

// An application that tunes its own connections by PRAGMA synchronous leaves it set on the pooled connection that the store is given next.
public class SqliteSynchronousOffTests
{
    [Theory]
    [InlineData("OFF")]
    [InlineData("NORMAL")]
    public async Task TryWriteAsync_PooledConnectionDoesNotSync_SyncsAllTheSame(string level)
    {
        const long extra = 3;
        await using var database = await Database.NewAsync(Database.Sqlite);
        var store = database.NewStore();
        await store.CreateTableAsync(Database.Token);
        await database.ExecuteAsync($"PRAGMA synchronous = {level}");

        await store.TryWriteAsync(new MfaSubject("Ann"), new byte[] { 1 }, RecordVersion.Create(), null, Database.Token);

        await using var ofTheSameConnection = database.Source.CreateCommand("PRAGMA synchronous");
        Assert.Equal(extra, await ofTheSameConnection.ExecuteScalarAsync(Database.Token));
    }
}
