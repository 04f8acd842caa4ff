using Callroute.Mfa.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Callroute.Mfa.EntityFrameworkCore.Tests;

public sealed class PoolerTests
{
    [Theory]
    [InlineData("")]
    [InlineData(";Max Auto Prepare=20;Auto Prepare Min Usages=1")]
    public async Task Store_BehindAPooler_NeverAnswersForTheOtherTable(string settings)
    {
        var services = await PooledServices.RunAsync((table, connectionString) => table.StartsWith("first", StringComparison.Ordinal)
            ? (IMfaStore)Store<FirstContext>(connectionString + settings)
            : Store<SecondContext>(connectionString + settings));

        Assert.Empty(services.Wrong);
        Assert.True(settings.Length > 0 || services.Faults.IsEmpty, $"{services.Faults.FirstOrDefault()}");
    }

    private static EntityFrameworkMfaStore<TContext> Store<TContext>(string connectionString)
        where TContext : DbContext =>
        new(new PooledDbContextFactory<TContext>(Options<TContext>(PostgreSql, connectionString)));

    private sealed class FirstContext(DbContextOptions<FirstContext> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddCallrouteMfa(Database, "first_mfa");
    }

    private sealed class SecondContext(DbContextOptions<SecondContext> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddCallrouteMfa(Database, "second_mfa");
    }
}
