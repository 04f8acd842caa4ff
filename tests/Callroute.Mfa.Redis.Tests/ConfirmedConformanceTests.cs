using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing;
using Callroute.Mfa.TestServers;
using StackExchange.Redis;

namespace Callroute.Mfa.Redis.Tests;

/// <summary>
/// Every case of the conformance kit with confirmed writes; Callroute.Mfa.Stores.Tests tests the other servers.
/// </summary>
public sealed class ConfirmedConformanceTests
{
    private static readonly Lazy<Task<ConnectionMultiplexer>> Cluster =
        new(async () => await ConnectAsync(await SharedServers.RedisClusterAsync()));
    private static readonly Lazy<Task<ReplicaPair>> Pair = new(ReplicaPair.StartAsync);

    public static TheoryData<string> Cases => [.. StoreConformance.Cases.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Case_ClusterConfirmedByItsReply_KeepsItsPromise(string name)
    {
        Assert.SkipUnless(RedisClusterServer.WhyMissing is null, RedisClusterServer.WhyMissing ?? string.Empty);
        var options = new RedisMfaStoreOptions { KeyPrefix = "durable:", RequireDurable = true, DurableReplicas = 0 };
        await RunAsync(name, await Cluster.Value, options);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Case_ConfirmedByAReplica_KeepsItsPromise(string name)
    {
        await RunAsync(name, (await Pair.Value).Redis, new RedisMfaStoreOptions { RequireDurable = true });
    }

    private static Task RunAsync(string name, ConnectionMultiplexer redis, RedisMfaStoreOptions options) =>
        StoreConformance.Find(name).RunAsync(_ => new ValueTask<IMfaStore>(new RedisMfaStore(redis, options)), Token);
}
