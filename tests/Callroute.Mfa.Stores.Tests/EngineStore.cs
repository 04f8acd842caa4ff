using Callroute.Mfa.Storage;
using Callroute.Mfa.TestServers;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>Opens the store of each engine.</summary>
internal static class EngineStore
{
    public static TheoryData<string> All => [.. Engines.All.Select(engine => engine.Name)];

    /// <summary>Opens the store of an engine. If the engine cannot run here, skips the test with the reason.</summary>
    public static async Task<IMfaStore> OpenAsync(string name)
    {
        var engine = Engines.Named(name);
        Assert.SkipWhen(engine.WhyMissing() is not null, engine.WhyMissing() ?? string.Empty);
        return await engine.OpenAsync(await engine.ConnectAsync());
    }
}
