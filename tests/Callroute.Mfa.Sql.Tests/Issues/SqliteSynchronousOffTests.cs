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
        (long Level, bool IsTheSame) after;
        do
        {
            // The pool may drop a connection at any time; the temporary table is there as long as it did not.
            await database.ExecuteAsync($"PRAGMA synchronous = {level}; CREATE TEMP TABLE IF NOT EXISTS marked (x)");
            await store.TryWriteAsync(new MfaSubject("Ann"), new byte[] { 1 }, Guid.NewGuid(), null, Database.Token);
            after = await LookAsync(database);
        }
        while (!after.IsTheSame);

        Assert.Equal(extra, after.Level);
    }

    private static async Task<(long Level, bool IsTheSame)> LookAsync(Database database)
    {
        await using var connection = await database.Source.OpenConnectionAsync(Database.Token);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous";
        var level = (long)(await command.ExecuteScalarAsync(Database.Token))!;
        command.CommandText = "SELECT count(*) FROM temp.sqlite_master WHERE name = 'marked'";
        return (level, (long)(await command.ExecuteScalarAsync(Database.Token))! == 1);
    }
}
