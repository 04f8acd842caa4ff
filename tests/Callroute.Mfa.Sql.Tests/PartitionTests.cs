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
        await using var database = await NewAsync(PostgreSql);
        await database.ExecuteAsync(statements);
        await database.NewSqlStore().CreateTableAsync(Token);

        foreach (var testCase in Testing.StoreConformance.Cases)
        {
            await testCase.RunAsync(_ => new(database.NewSqlStore()), Token);
        }
    }

    [Fact]
    public async Task FindAsync_TableByHash_ReadsOnePartition()
    {
        await using var database = await NewAsync(PostgreSql);
        await database.ExecuteAsync(ByHash);

        var plan = await database.QueryAsync(
            "EXPLAIN SELECT version, document FROM callroute_mfa WHERE tenant = '' AND user_id = 'user-1'");

        Assert.Single(
            plan, line => line.Contains("on callroute_mfa_", StringComparison.Ordinal) && line.Contains("Scan", StringComparison.Ordinal));
    }
}
