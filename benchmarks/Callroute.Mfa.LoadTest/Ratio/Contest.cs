using Callroute.Mfa.Storage;

namespace Callroute.Mfa.LoadTest.Ratio;

/// <summary>A comparison of several candidates on one engine, with the same server, pool and table.</summary>
/// <param name="Name">The store and the engine.</param>
/// <param name="Bar">The highest allowed ratio of our store to the fastest candidate by hand.</param>
/// <param name="ByHand">The candidates by hand, by name.</param>
/// <param name="Store">Our store.</param>
internal sealed record Contest(string Name, double Bar, IReadOnlyDictionary<string, ISwapper> ByHand, IMfaStore Store);
