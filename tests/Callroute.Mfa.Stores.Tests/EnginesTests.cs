using Callroute.Mfa.TestServers;
using Npgsql;

namespace Callroute.Mfa.Stores.Tests;

public sealed class EnginesTests
{
    public static TheoryData<string> Levels => [.. Engines.IsolationLevels];

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task AtLevel_EveryLevel_IsTheOneOfAStatement(string level)
    {
        Assert.SkipWhen(SharedServers.WhyNoPostgreSql is not null, SharedServers.WhyNoPostgreSql ?? string.Empty);
        await using var source = NpgsqlDataSource.Create(Engines.AtLevel(await SharedServers.PostgreSqlAsync(), level));
        await using var command = source.CreateCommand("SHOW transaction_isolation");

        Assert.Equal(level, await command.ExecuteScalarAsync(Database.Token));
    }

    [Fact]
    public void All_Names_AreUniqueAndCoverEveryStore()
    {
        var names = Engines.All.Select(engine => engine.Name).ToArray();

        Assert.Equal(names.Distinct(), names);
        Assert.All(["Sql, SQLite", "Sql, PostgreSQL", "Sql, MariaDB", "EF, SQLite", "EF, PostgreSQL", "Redis", "Redis Cluster"], start =>
            Assert.Contains(names, name => name.StartsWith(start, StringComparison.Ordinal)));
    }
}
