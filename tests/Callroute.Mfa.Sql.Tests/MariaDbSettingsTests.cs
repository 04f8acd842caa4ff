using Callroute.Mfa.TestServers;
using MySqlConnector;

namespace Callroute.Mfa.Sql.Tests;

/// <summary>Settings of a server, a session or the driver. The store once failed with each of them.</summary>
public sealed class MariaDbSettingsTests
{
    private static readonly MfaSubject Ann = new("Ann");

    // Every write was in a transaction that was never committed.
    [Fact]
    public async Task TryWriteAsync_ServerWithoutAutocommit_IsCommitted()
    {
        Assert.SkipWhen(MariaDbServer.WhyMissing is not null, MariaDbServer.WhyMissing ?? string.Empty);
        await using var server = await MariaDbServer.StartNewAsync();
        await using (var administrator = new MySqlDataSource(server.ConnectionString + ";Pooling=false"))
        {
            await using var command = administrator.CreateCommand("SET GLOBAL autocommit = 0");
            await command.ExecuteNonQueryAsync(Token);
        }

        await IsReadBackAsync(server.ConnectionString);
    }

    // The driver gave a Guid for the version.
    [Fact]
    public async Task FindAsync_GuidFormatChar32_ReadsTheVersion()
    {
        await using var database = await NewAsync(MariaDb);
        await IsReadBackAsync(database.ConnectionString + ";Guid Format=Char32");
    }

    // A version that was never committed could count as evidence of a write.
    [Fact]
    public async Task FindAsync_SessionReadsUncommitted_FindsOnlyWhatIsCommitted()
    {
        await using var database = await NewAsync(MariaDb);
        await using var source = new MySqlDataSource(database.ConnectionString + ";Connection Reset=false;Maximum Pool Size=1");
        await using (var session = source.CreateCommand("SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED"))
        {
            await session.ExecuteNonQueryAsync(Token);
        }

        var (store, version) = (await NewStoreAsync(source), Guid.NewGuid());
        await store.TryWriteAsync(Ann, new byte[] { 1 }, version, null, Token);
        await using var other = await database.Source.OpenConnectionAsync(Token);
        await using var transaction = await other.BeginTransactionAsync(Token);
        await using var update = other.CreateCommand();
        (update.CommandText, update.Transaction) = ($"UPDATE callroute_mfa SET version = '{Guid.NewGuid():N}'", transaction);
        await update.ExecuteNonQueryAsync(Token);

        Assert.Equal(version, (await store.FindAsync(Ann, Token))?.Version);
    }

    private static async Task<SqlMfaStore> NewStoreAsync(MySqlDataSource source)
    {
        var store = new SqlMfaStore(source, SqlDialect.MySql);
        await store.CreateTableAsync(Token);
        return store;
    }

    private static async Task IsReadBackAsync(string connectionString)
    {
        await using var source = new MySqlDataSource(connectionString);
        var (store, version) = (await NewStoreAsync(source), Guid.NewGuid());

        Assert.True(await store.TryWriteAsync(Ann, new byte[] { 1 }, version, null, Token));
        await using var elsewhere = new MySqlDataSource(connectionString);
        Assert.Equal(version, (await new SqlMfaStore(elsewhere, SqlDialect.MySql).FindAsync(Ann, Token))?.Version);
    }
}
