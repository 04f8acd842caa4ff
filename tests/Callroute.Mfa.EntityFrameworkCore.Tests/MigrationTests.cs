using Microsoft.EntityFrameworkCore;
using static Callroute.Mfa.EntityFrameworkCore.Tests.Database;

namespace Callroute.Mfa.EntityFrameworkCore.Tests;

/// <summary>What docs/stores-ef.md says of migrations, done.</summary>
public sealed class MigrationTests
{
    [Fact]
    public Task Migration_OfTheReadyContext_MakesTheTable() => MigratesAsync<MfaDbContext>(PostgreSql);

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(Database))]
    public Task Migration_OfOnesOwnContext_MakesTheTable(string kind) => MigratesAsync<ApplicationContext>(kind);

    private static async Task MigratesAsync<TContext>(string kind)
        where TContext : DbContext
    {
        await using var database = await NewAsync(kind);
        await using var before = await database.Factory<TContext>().CreateDbContextAsync(Token);
        var (code, assembly) = GeneratedMigration.Add(before, "AddCallrouteMfa");
        await using var context = await database.Factory<TContext>(builder => Use(builder, kind, assembly)).CreateDbContextAsync(Token);

        await context.Database.MigrateAsync(Token);
        await database.Store<TContext>().CheckTableAsync(Token);

        Assert.Contains(kind == PostgreSql ? "collation: \"C\"" : "collation: \"BINARY\"", code, StringComparison.Ordinal);
        Assert.False(context.Database.HasPendingModelChanges());
        Assert.True((await new Person(database.Store<TContext>()).EnrollAsync()).Codes.Reveal().Count > 0);
    }

    private static void Use(DbContextOptionsBuilder builder, string kind, System.Reflection.Assembly migrations)
    {
        if (kind == Sqlite)
        {
            builder.UseSqlite(sqlite => sqlite.MigrationsAssembly(migrations));
            return;
        }

        builder.UseNpgsql(npgsql => npgsql.MigrationsAssembly(migrations));
    }
}
