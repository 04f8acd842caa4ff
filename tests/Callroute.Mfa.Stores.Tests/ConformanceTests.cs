using Callroute.Mfa.Testing;
using Callroute.Mfa.TestServers;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>The same cases for every engine.</summary>
public sealed class ConformanceTests
{
    public static TheoryData<string, string> Cases =>
        [.. Engines.All.SelectMany(engine => StoreConformance.Cases.Select(one => (engine.Name, one.Name)))];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Store_EveryCase_KeepsItsPromise(string engine, string name) =>
        await StoreConformance.Find(name).RunAsync(async _ => await EngineStore.OpenAsync(engine), Database.Token);

    [Theory]
    [MemberData(nameof(EngineStore.All), MemberType = typeof(EngineStore))]
    public async Task EveryMethod_DefaultSubject_Throws(string engine)
    {
        var (store, version, token) = (await EngineStore.OpenAsync(engine), Guid.NewGuid(), Database.Token);

        await Assert.ThrowsAsync<ArgumentException>("subject", async () => await store.FindAsync(default, token));
        await Assert.ThrowsAsync<ArgumentException>(
            "subject", async () => await store.TryWriteAsync(default, default, version, null, token));
        await Assert.ThrowsAsync<ArgumentException>("subject", async () => await store.TryDeleteAsync(default, version, token));
    }
}
