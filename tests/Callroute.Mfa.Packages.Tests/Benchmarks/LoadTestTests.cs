using System.Text.Json;
using Callroute.Mfa.TestServers;

namespace Callroute.Mfa.Packages.Tests.Benchmarks;

/// <summary>Runs every mode for a short time, to show that it still works. The measured values have no meaning.</summary>
public sealed class LoadTestTests : IDisposable
{
    private static readonly string Program = BuiltProgram.Of("Callroute.Mfa.LoadTest");

    private readonly string _json = Path.Combine(Path.GetTempPath(), $"callroute-load-{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(_json);

    [Fact]
    public void Throughput_InMemoryAndSqlite_AcceptsEveryCodeOfEveryProcess()
    {
        var rows = Run("throughput", "--engines", "in-memory", "Sql, SQLite", "--processes", "2", "--tasks", "2", "--seconds", "1");

        Assert.Equal(["in-memory 1", "Sql, SQLite 2"], rows.Select(row => $"{row.GetProperty("engine")} {row.GetProperty("processes")}"));
        Assert.All(rows, row =>
        {
            Assert.True(row.GetProperty("signIns").GetInt64() > 0);
            Assert.Equal(0, row.GetProperty("refused").GetInt64());
            Assert.InRange(row.GetProperty("p99").GetInt64(), row.GetProperty("p50").GetInt64(), row.GetProperty("max").GetInt64());
        });
    }

    [Fact]
    public void Growth_EveryEngine_MeasuresTimeAndBytesOfEverySize()
    {
        SkipWithoutServers();

        var rows = Run("growth", "--users", "50,1000", "--sample", "20", "--history", "2", "--rounds", "2", "--sign-ins", "3");

        Assert.Equal(["in-memory", "SQLite", "PostgreSQL", "Redis"], rows.Select(row => row.GetProperty("engine").GetString()).Distinct());
        Assert.All(rows, row => Assert.True(row.GetProperty("microseconds").GetDouble() > 0));
        var large = rows.Where(row => row.GetProperty("users").GetInt32() == 1000);
        Assert.All(large, row => Assert.InRange(row.GetProperty("bytesAUser").GetInt64(), 500, 10_000));
    }

    [Fact]
    public void Ratio_EveryEngine_ComparesTheStoreWithTheDriver()
    {
        SkipWithoutServers();

        var rows = Run("ratio", "--blocks", "2", "--operations", "3");

        var stores = rows.Where(row => row.GetProperty("way").GetString() == "our store").ToArray();
        Assert.Equal(7, stores.Length);
        Assert.All(stores, row => Assert.True(row.GetProperty("ratio").GetDouble() > 0));
        Assert.Equal(7, rows.Count(row => row.GetProperty("way").GetString() == "VerifyAsync"));
    }

    [Fact]
    public void Churn_PostgreSql_MeasuresBytesAndHotUpdates()
    {
        SkipWithoutServers();

        var row = Assert.Single(Run("churn", "--fillfactors", "50", "--users", "50", "--history", "2", "--sign-ins", "2"));

        Assert.InRange(row.GetProperty("hotShare").GetDouble(), 0.1, 1);
        Assert.InRange(row.GetProperty("walBytesASignIn").GetInt64(), 100, 50_000);
    }

    private static void SkipWithoutServers()
    {
        var missing = PostgreSqlServer.WhyMissing ?? MariaDbServer.WhyMissing ?? RedisServer.WhyMissing;
        Assert.SkipWhen(missing is not null, missing ?? string.Empty);
    }

    private JsonElement[] Run(params string[] arguments)
    {
        var output = ExternalProgram.Run("dotnet", [Program, .. arguments, "--json", _json]);

        Assert.Contains($"-- {arguments[0]} ", output, StringComparison.Ordinal);
        using var result = JsonDocument.Parse(File.ReadAllText(_json));
        Assert.Equal(Environment.ProcessorCount, result.RootElement.GetProperty("machine").GetProperty("cores").GetInt32());
        return [.. result.RootElement.GetProperty("rows").EnumerateArray().Select(row => row.Clone())];
    }
}
