using Callroute.Mfa.TestServers;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis.Tests;

/// <summary>A primary, its replica, and a connection to both.</summary>
internal sealed class ReplicaPair : IAsyncDisposable
{
    private ReplicaPair(RedisServer primary, RedisServer replica, ConnectionMultiplexer redis) =>
        (Primary, Replica, Redis) = (primary, replica, redis);

    public RedisServer Primary { get; }

    public RedisServer Replica { get; }

    public ConnectionMultiplexer Redis { get; }

    public static async Task<ReplicaPair> StartAsync()
    {
        var primary = await RedisLink.StartAsync("--repl-diskless-sync-delay", "0", "--repl-timeout", "600");
        var replica = await RedisLink.StartAsync("--replicaof", "127.0.0.1", $"{primary.Port}", "--repl-timeout", "600");
        await UntilAsync(() => Task.FromResult(primary.Execute("INFO", "replication").Contains("state=online", StringComparison.Ordinal)));
        return new ReplicaPair(primary, replica, await ConnectAsync(primary, replica));
    }

    public RedisMfaStore NewStore(bool requireDurable) =>
        new(Redis, new RedisMfaStoreOptions { RequireDurable = requireDurable, DurabilityTimeout = TimeSpan.FromMinutes(1) });

    /// <summary>A store that requires confirmation, for calls that get none.</summary>
    public RedisMfaStore NewImpatientStore(ConnectionMultiplexer? redis = null) =>
        new(redis ?? Redis, new RedisMfaStoreOptions { RequireDurable = true, DurabilityTimeout = TimeSpan.FromSeconds(1) });

    public async ValueTask DisposeAsync()
    {
        await Redis.DisposeAsync();
        await Replica.DisposeAsync();
        await Primary.DisposeAsync();
    }
}
