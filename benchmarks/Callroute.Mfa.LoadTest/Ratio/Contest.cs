using Callroute.Mfa.Storage;

namespace Callroute.Mfa.LoadTest.Ratio;

/// <summary>What is compared on one engine, on the same server, pool and table.</summary>
/// <param name="Name">Store and engine.</param>
/// <param name="Bar">How much slower than the fastest by hand our store may be.</param>
/// <param name="ByHand">The ways by hand, by name.</param>
/// <param name="Store">Our store.</param>
internal sealed record Contest(string Name, double Bar, IReadOnlyDictionary<string, ISwapper> ByHand, IMfaStore Store);
