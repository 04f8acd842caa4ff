using Callroute.Mfa.Storage;

namespace Callroute.Mfa.Testing.Tests;

public sealed class InMemoryMfaStoreTests
{
    private readonly InMemoryMfaStore _store = new();

    public static TheoryData<string> Cases => [.. StoreConformance.Cases.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Store_EveryCase_KeepsItsPromise(string name) =>
        StoreConformance.Find(name).RunAsync(_ => new(_store), TestContext.Current.CancellationToken);
}
