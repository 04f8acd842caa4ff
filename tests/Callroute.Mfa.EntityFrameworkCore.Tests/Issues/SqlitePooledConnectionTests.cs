using System.Data.Common;
using Microsoft.Data.Sqlite;
using static Callroute.Mfa.EntityFrameworkCore.Tests.Database;

namespace Callroute.Mfa.EntityFrameworkCore.Tests.Issues;

// What an application sets or leaves open on a pooled connection of SQLite is there when the store is given it next: a write was told that was not durable.
public sealed class SqlitePooledConnectionTests
{
    private static readonly MfaSubject Ann = new("Ann");

    [Theory]
    [InlineData("OFF")]
    [InlineData("NORMAL")]
    public async Task TryWriteAsync_PooledConnectionDoesNotSync_SyncsAllTheSame(string level)
    {
        const long extra = 3;
        await using var database = await WithTableAsync(Sqlite);
        await RunOnPooledAsync(database, $"PRAGMA synchronous = {level}");

        await database.Store().TryWriteAsync(Ann, new byte[] { 1 }, Guid.NewGuid(), null, Token);

        Assert.Equal(extra, await RunOnPooledAsync(database, "PRAGMA synchronous"));
    }

    [Fact]
    public async Task TryWriteAsync_PooledConnectionInATransaction_Throws()
    {
        await using var database = await WithTableAsync(Sqlite);
        await RunOnPooledAsync(database, "BEGIN");

        await Assert.ThrowsAnyAsync<DbException>(async () => await database.Store().TryWriteAsync(Ann, new byte[] { 1 }, Guid.NewGuid(), null, Token));

        SqliteConnection.ClearAllPools();
        Assert.Null(await database.Store().FindAsync(Ann, Token));
    }

    private static async Task<object?> RunOnPooledAsync(Database database, string statement)
    {
        await using var connection = new SqliteConnection(database.ConnectionString);
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        return await command.ExecuteScalarAsync(Token);
    }
}
