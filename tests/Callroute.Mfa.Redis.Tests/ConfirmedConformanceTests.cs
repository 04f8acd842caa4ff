using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing;

namespace Callroute.Mfa.Redis.Tests;

/// <summary>
/// Every case of the conformance kit with writes that a replica confirms; Callroute.Mfa.Stores.Tests tests the other servers.
/// </summary>
public sealed class ConfirmedConformanceTests
{
    private static readonly Lazy<Task<ReplicaPair>> Pair = new(ReplicaPair.StartAsync);

    public static TheoryData<string> Cases => [.. StoreConformance.Cases.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Case_ConfirmedByAReplica_KeepsItsPromise(string name)
    {
        var (redis, options) = ((await Pair.Value).Redis, new RedisMfaStoreOptions { RequireDurable = true });

        await StoreConformance.Find(name).RunAsync(_ => new ValueTask<IMfaStore>(new RedisMfaStore(redis, options)), Token);
    }
}
