using Callroute.Mfa.Storage;
using Callroute.Mfa.TestServers;
using Microsoft.Extensions.Time.Testing;

namespace Callroute.Mfa.StoreProbe;

/// <summary>A store, the key of its secrets, and its fixed time.</summary>
/// <param name="Engine">The name in <see cref="Engines"/>.</param>
/// <param name="ConnectionString">The database.</param>
/// <param name="Key">32 bytes in Base64.</param>
/// <param name="Now">The time.</param>
public sealed record Place(string Engine, string ConnectionString, string Key, DateTimeOffset Now)
{
    /// <summary>Opens the store.</summary>
    public Task<IMfaStore> OpenAsync() => Engines.Named(Engine).OpenAsync(ConnectionString);

    /// <summary>Creates the service on a store of this place.</summary>
    public MfaService ServiceOn(IMfaStore store) => ProbeService.Create(store, Key, new FakeTimeProvider(Now));
}
