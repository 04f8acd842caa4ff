using Callroute.Mfa.Testing;
using Callroute.Mfa.TestServers;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>The same cases for every engine.</summary>
public sealed class ConformanceTests
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var engine in Engines.All)
            {
                foreach (var each in StoreConformance.Cases)
                {
                    cases.Add(engine.Name, each.Name);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Store_EveryCase_KeepsItsPromise(string engineName, string name)
    {
        var engine = Engines.Named(engineName);
        Assert.SkipWhen(engine.WhyMissing() is not null, engine.WhyMissing() ?? string.Empty);
        var connectionString = await engine.ConnectAsync();

        await StoreConformance.Find(name).RunAsync(async _ => await engine.OpenAsync(connectionString), StoreScenario.Token);
    }

    [Theory]
    [MemberData(nameof(StoreScenario.AllEngines), MemberType = typeof(StoreScenario))]
    public async Task EveryMethod_DefaultSubject_Throws(string engine)
    {
        await using var scenario = await StoreScenario.OnAsync(engine);
        var (store, version, token) = (scenario.Store, Guid.NewGuid(), StoreScenario.Token);

        await Assert.ThrowsAsync<ArgumentException>("subject", async () => await store.FindAsync(default, token));
        await Assert.ThrowsAsync<ArgumentException>(
            "subject", async () => await store.TryWriteAsync(default, default, version, null, token));
        await Assert.ThrowsAsync<ArgumentException>("subject", async () => await store.TryDeleteAsync(default, version, token));
    }
}
