using Npgsql;

namespace Callroute.Mfa.Sql.Tests;

public sealed class PoolerTests
{
    // Before statements named their table, a third of the reads returned the record of the other service.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Store_BehindAPooler_NeverAnswersForTheOtherTable(bool prepares)
    {
        var services = await PooledServices.RunAsync((table, connectionString) => new SqlMfaStore(
            NpgsqlDataSource.Create(connectionString), SqlDialect.PostgreSql, new() { TableName = table, PrepareStatements = prepares }));

        Assert.Empty(services.Wrong);
        Assert.True(prepares || services.Faults.IsEmpty, $"{services.Faults.FirstOrDefault()}");
    }
}
