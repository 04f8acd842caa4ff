using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests.Broken;

/// <summary>One broken store, and the cases that must reject it.</summary>
/// <param name="Name">The defect.</param>
/// <param name="New">Creates new data, and returns a function that opens a store on it.</param>
/// <param name="RejectedBy">Names of cases; others may reject it too.</param>
internal sealed record BrokenStore(string Name, Func<Func<IMfaStore>> New, params string[] RejectedBy);
