using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing.Conformance;

namespace Callroute.Mfa.Testing;

/// <summary>The requirements of <see cref="IMfaStore"/> as test cases for any test framework.</summary>
/// <remarks>
/// Cases whose name begins with <c>Scan</c> pass without a check if the store is not an <see cref="IMfaStoreScan"/>. No case can show that
/// records never expire, or that an acknowledged write survives a power failure.
/// </remarks>
public static class StoreConformance
{
    /// <summary>All cases, in a fixed order.</summary>
    public static IReadOnlyList<StoreConformanceCase> Cases { get; } =
    [
        .. WriteCases.All, .. DeleteCases.All, .. VersionCases.All, .. DocumentCases.All, .. SubjectCases.All, .. ParallelCases.All,
        .. FreshnessCases.All, .. ScanCases.All, .. CancellationCases.All, .. TransactionCases.All,
    ];

    /// <summary>Finds a case by its name, for test frameworks that pass names to tests.</summary>
    /// <param name="name">The name, compared ordinally.</param>
    /// <returns>The case.</returns>
    /// <exception cref="ArgumentException">There is no case of this name.</exception>
    public static StoreConformanceCase Find(string name) =>
        Cases.FirstOrDefault(c => c.Name == name) ?? throw new ArgumentException($"There is no case named '{name}'.", nameof(name));
}
