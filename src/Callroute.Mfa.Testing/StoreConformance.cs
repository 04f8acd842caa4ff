using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing.Conformance;

namespace Callroute.Mfa.Testing;

/// <summary>Lists what every <see cref="IMfaStore"/> must do, as cases for any test framework.</summary>
/// <remarks>
/// Cases whose name begins with <c>Scan</c> check nothing where the store is no <see cref="IMfaStoreScan"/>. What a case cannot
/// show: that records do not expire after days, and that an answered write survives a power cut.
/// </remarks>
public static class StoreConformance
{
    /// <summary>All cases, in a fixed order.</summary>
    public static IReadOnlyList<StoreConformanceCase> Cases { get; } =
    [
        .. SwapCases.All, .. DeleteCases.All, .. VersionCases.All, .. DocumentCases.All, .. SubjectCases.All, .. ParallelCases.All,
        .. FreshnessCases.All, .. ScanCases.All, .. CancellationCases.All, .. TransactionCases.All,
    ];

    /// <summary>Finds a case by its name, for frameworks that pass names to tests.</summary>
    /// <param name="name">The name; ordinal.</param>
    /// <returns>The case.</returns>
    /// <exception cref="ArgumentException">There is no case of this name.</exception>
    public static StoreConformanceCase Find(string name) =>
        Cases.FirstOrDefault(c => c.Name == name) ?? throw new ArgumentException("There is no case of this name.", nameof(name));
}
