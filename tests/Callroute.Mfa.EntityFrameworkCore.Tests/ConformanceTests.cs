using System.Collections.Concurrent;
using Callroute.Mfa.Testing;
using static Callroute.Mfa.EntityFrameworkCore.Tests.Database;

namespace Callroute.Mfa.EntityFrameworkCore.Tests;

/// <summary>Bar B-15: the cases that every store is held to.</summary>
public sealed class ConformanceTests(ConformanceTests.Databases databases) : IClassFixture<ConformanceTests.Databases>
{
    public static TheoryData<string> Cases => [.. StoreConformance.Cases.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Store_OnSqlite_Conforms(string name) => await RunAsync(name, await databases.GetAsync(Sqlite));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Store_OnPostgreSqlReadCommitted_Conforms(string name) => await RunAsync(name, await databases.GetAsync(PostgreSql));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Store_OnPostgreSqlRepeatableRead_Conforms(string name) => await RunAsync(name, await databases.GetAsync(PostgreSql, "repeatable read"));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Store_OnPostgreSqlSerializable_Conforms(string name) => await RunAsync(name, await databases.GetAsync(PostgreSql, "serializable"));

    [Theory]
    [InlineData("read committed")]
    [InlineData("repeatable read")]
    [InlineData("serializable")]
    public async Task Connections_IsolationGiven_HaveIt(string isolation)
    {
        var database = await databases.GetAsync(PostgreSql, isolation);

        Assert.Equal([isolation], await database.QueryAsync("""SELECT current_setting('transaction_isolation') AS "Value" """));
    }

    private static async Task RunAsync(string name, Database database)
    {
        var thrown = await Record.ExceptionAsync(() => StoreConformance.Find(name).RunAsync(_ => new(database.Store()), Token));

        Assert.Null(thrown);
    }

    /// <summary>One database for all cases of an engine: every case makes subjects of its own.</summary>
    public sealed class Databases : IAsyncDisposable
    {
        private readonly ConcurrentDictionary<(string, string), Task<Database>> _made = new();

        public Task<Database> GetAsync(string kind, string isolation = "read committed") => _made.GetOrAdd((kind, isolation), _ => WithTableAsync(kind, isolation));

        public async ValueTask DisposeAsync()
        {
            foreach (var database in _made.Values.Where(made => made.IsCompletedSuccessfully))
            {
                await (await database).DisposeAsync();
            }
        }
    }
}
