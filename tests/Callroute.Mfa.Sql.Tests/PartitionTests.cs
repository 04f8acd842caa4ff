using Npgsql;

namespace Callroute.Mfa.Sql.Tests;

/// <summary>The table may be partitioned by its key, as docs/scale.md shows: the store's statements stay as they are.</summary>
public class PartitionTests
{
    private const string Columns = """
        tenant text COLLATE "C" NOT NULL, user_id text COLLATE "C" NOT NULL, version text COLLATE "C" NOT NULL, document bytea NOT NULL,
        PRIMARY KEY (tenant, user_id)
        """;

    private const string ByHash = $"""
        CREATE TABLE callroute_mfa ({Columns}) PARTITION BY HASH (tenant, user_id);
        CREATE TABLE callroute_mfa_0 PARTITION OF callroute_mfa FOR VALUES WITH (MODULUS 4, REMAINDER 0);
        CREATE TABLE callroute_mfa_1 PARTITION OF callroute_mfa FOR VALUES WITH (MODULUS 4, REMAINDER 1);
        CREATE TABLE callroute_mfa_2 PARTITION OF callroute_mfa FOR VALUES WITH (MODULUS 4, REMAINDER 2);
        CREATE TABLE callroute_mfa_3 PARTITION OF callroute_mfa FOR VALUES WITH (MODULUS 4, REMAINDER 3)
        """;

    private const string ByTenant = $"""
        CREATE TABLE callroute_mfa ({Columns}) PARTITION BY LIST (tenant);
        CREATE TABLE callroute_mfa_acme PARTITION OF callroute_mfa FOR VALUES IN ('acme');
        CREATE TABLE callroute_mfa_rest PARTITION OF callroute_mfa DEFAULT
        """;

    [Theory]
    [InlineData(ByHash)]
    [InlineData(ByTenant)]
    public async Task Store_OnAPartitionedTable_KeepsEveryPromise(string statements)
    {
        await using var database = await Database.NewAsync(Database.PostgreSql);
        await database.ExecuteAsync(statements);
        var store = database.NewStore();
        await store.CreateTableAsync(Database.Token);

        foreach (var testCase in Testing.StoreConformance.Cases)
        {
            await testCase.RunAsync(_ => new(database.NewStore()), Database.Token);
        }

        var signIns = await SignIns.EnrollAsync(store);
        var code = signIns.Code;
        Assert.True((await signIns.VerifyAsync(code)).Succeeded);
        Assert.False((await signIns.VerifyAsync(code)).Succeeded);
    }

    [Fact]
    public async Task FindAsync_TableByHash_ReadsOnePartition()
    {
        await using var database = await Database.NewAsync(Database.PostgreSql);
        await database.ExecuteAsync(ByHash);

        await using var command = ((NpgsqlDataSource)database.Source).CreateCommand("EXPLAIN SELECT version, document FROM callroute_mfa WHERE tenant = '' AND user_id = 'user-1'");
        var plan = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(Database.Token);
        while (await reader.ReadAsync(Database.Token))
        {
            plan.Add(reader.GetString(0));
        }

        Assert.Single(plan, line => line.Contains("on callroute_mfa_", StringComparison.Ordinal) && line.Contains("Scan", StringComparison.Ordinal));
    }
}
