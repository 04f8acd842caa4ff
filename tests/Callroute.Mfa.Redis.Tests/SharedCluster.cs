using Callroute.Mfa.TestServers;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis.Tests;

/// <summary>A cluster and a connection to it.</summary>
public sealed class SharedCluster : IAsyncLifetime
{
    public RedisClusterServer Cluster { get; private set; } = null!;

    public ConnectionMultiplexer Redis { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(RedisClusterServer.WhyMissing is null, RedisClusterServer.WhyMissing ?? string.Empty);
        Cluster = await RedisClusterServer.StartNewAsync();
        Redis = await ConnectAsync(Cluster.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await Redis.DisposeAsync();
        await Cluster.DisposeAsync();
    }
}
