using Callroute.Mfa.Samples.Tests;
using Callroute.Mfa.TestServers;

namespace Callroute.Mfa.Packages.Tests;

public sealed class WorkerTests(PackedFeed feed)
{
    // The edits that switch the sample to another store and another hasher.
    private static readonly (string Old, string New)[] Changes =
    [
        ("Callroute.Mfa.Argon2", "Callroute.Mfa.Sodium"), ("new Argon2RecoveryCodeHasher()", "new SodiumRecoveryCodeHasher()"),
        ("Callroute.Mfa.Sql", "Callroute.Mfa.Redis"), ("using Microsoft.Data.Sqlite;", "using StackExchange.Redis;"),
        ("new SqlMfaStore(SqliteFactory.Instance.CreateDataSource(", "new RedisMfaStore(await ConnectionMultiplexer.ConnectAsync("),
        ("SqlDialect.Sqlite", "new RedisMfaStoreOptions { RequireDurable = true, DurableReplicas = 0 }"),
        ("store.CreateTableAsync()", "store.CheckAsync()"),
    ];

    [Fact]
    public async Task Worker_WithRedisAndSodium_AcceptsEachCodeOnce()
    {
        Assert.SkipWhen(SharedServers.WhyNoRedis is not null, SharedServers.WhyNoRedis ?? string.Empty);
        feed.AddSample("Worker", text => Changes.Aggregate(text, Replace));

        await WorkerRun.AssertAcceptsEachCodeOnceAsync(feed.Build("Worker"), await SharedServers.RedisAsync());
    }

    private static string Replace(string text, (string Old, string New) change) =>
        text.Replace(change.Old, change.New, StringComparison.Ordinal);
}
