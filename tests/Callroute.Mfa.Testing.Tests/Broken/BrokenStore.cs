using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Broken;

/// <summary>A kind of broken store, and the cases that must reject it.</summary>
/// <param name="Name">What it does wrong.</param>
/// <param name="New">Makes new data, and gives what opens a store on it.</param>
/// <param name="RejectedBy">Names of cases; others may reject it too.</param>
internal sealed record BrokenStore(string Name, Func<Func<IMfaStore>> New, params string[] RejectedBy);
