using System.Security.Cryptography;
using Callroute.Mfa.Storage;
using Callroute.Mfa.StoreProbe;
using Callroute.Mfa.TestServers;
using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.Stores.Tests;

/// <summary>A service on an engine, with a fixed clock, as in every process of a test.</summary>
public sealed class StoreScenario : IAsyncDisposable
{
    private readonly string _prefix = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    private int _users;

    private StoreScenario(TestEngine engine, string connectionString, IMfaStore store)
    {
        (Engine, ConnectionString, Store) = (engine, connectionString, store);
        Mfa = ServiceOn(store);
    }

    public static TheoryData<string> AllEngines => [.. Engines.All.Select(engine => engine.Name)];

    public TestEngine Engine { get; }

    public string ConnectionString { get; }

    public IMfaStore Store { get; }

    /// <summary>The key that encrypts secrets, in Base64.</summary>
    public string Key { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    public MfaService Mfa { get; }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Opens the store of an engine. If the engine cannot run here, skips the test with the reason.</summary>
    public static async Task<StoreScenario> OnAsync(string engineName)
    {
        var engine = Engines.Named(engineName);
        Assert.SkipWhen(engine.WhyMissing() is not null, engine.WhyMissing() ?? string.Empty);
        return await OnAsync(engine, await engine.ConnectAsync());
    }

    public static async Task<StoreScenario> OnAsync(TestEngine engine, string connectionString) =>
        new(engine, connectionString, await engine.OpenAsync(connectionString));

    public MfaService ServiceOn(IMfaStore store, TimeProvider? clock = null) => ProbeService.Create(store, Key, clock ?? Clock);

    /// <summary>The data that a separate process needs to work on the same store.</summary>
    public Place Place => new(Engine.Name, ConnectionString, Key, Clock.GetUtcNow());

    public MfaSubject NewUser() => new($"{_prefix}-{_users++}");

    public Task<EnrolledUser> EnrollAsync() => EnrolledUser.EnrollAsync(Store, NewUser(), Key, Clock);

    public async ValueTask DisposeAsync()
    {
        switch (Store)
        {
            case IAsyncDisposable disposable:
                await disposable.DisposeAsync();
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
        }
    }
}
