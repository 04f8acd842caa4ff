using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing;
using Microsoft.Data.Sqlite;

namespace Callroute.Mfa.Packages.Tests.Docs.Snippets;

// <test>
public sealed class TableStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public static TheoryData<string> Cases => [.. StoreConformance.Cases.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Store_EveryCase_KeepsItsPromise(string name) =>
        StoreConformance.Find(name).RunAsync(
            async token => await TableStore.OpenAsync($"Data Source={_folder}/mfa.db", token), TestContext.Current.CancellationToken);

    [Fact]
    public void Store_ListsItsSubjects() => Assert.True(typeof(TableStore).IsAssignableTo(typeof(IMfaStoreScan)));

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
// </test>
