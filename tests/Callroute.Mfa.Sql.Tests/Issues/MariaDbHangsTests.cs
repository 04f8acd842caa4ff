using System.Diagnostics;
using Callroute.Mfa.TestServers;
using MySqlConnector;

namespace Callroute.Mfa.Sql.Tests.Issues;

// A connect that timed out was tried three times, so a request hung for three time-outs of the connection string.
public class MariaDbHangsTests
{
    [Fact]
    public async Task VerifyAsync_ServerHangs_WaitsForOneConnectTimeout()
    {
        Assert.SkipWhen(MariaDbServer.WhyMissing is not null, MariaDbServer.WhyMissing ?? string.Empty);
        await using var server = await MariaDbServer.StartNewAsync();
        await using var source = new MySqlDataSource(server.ConnectionString + ";Connection Timeout=2");
        var store = new SqlMfaStore(source, SqlDialect.MySql, new SqlMfaStoreOptions { CommandTimeout = TimeSpan.FromSeconds(1) });
        await store.CreateTableAsync(Database.Token);
        var signIns = await SignIns.EnrollAsync(store);

        server.Pause();
        var watch = Stopwatch.StartNew();
        var meanwhile = await signIns.VerifyAsync(signIns.Code);
        var waited = watch.Elapsed;
        server.Resume();

        Assert.Equal(RefusalReason.Unavailable, meanwhile.Reason);
        Assert.InRange(waited, TimeSpan.Zero, TimeSpan.FromSeconds(4));
    }
}
