using Microsoft.EntityFrameworkCore;

namespace Callroute.Mfa.EntityFrameworkCore.Tests;

/// <summary>The steps of docs/stores-ef.md for migrations.</summary>
public sealed class MigrationTests
{
    [Fact]
    public Task Migration_OfTheReadyContext_MakesTheTable() => MigratesAsync<MfaDbContext>(PostgreSql);

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(DatabaseContexts))]
    public Task Migration_OfAnApplicationsContext_MakesTheTable(string kind) => MigratesAsync<ApplicationContext>(kind);

    private static async Task MigratesAsync<TContext>(string kind)
        where TContext : DbContext
    {
        await using var database = await NewAsync(kind);
        await using var before = await database.Factory<TContext>().CreateDbContextAsync(Token);
        var (code, assembly) = GeneratedMigration.Add(before, "AddCallrouteMfa");
        await using var context = await database.Factory<TContext>(builder => _ = kind == Sqlite
            ? builder.UseSqlite(sqlite => sqlite.MigrationsAssembly(assembly))
            : builder.UseNpgsql(npgsql => npgsql.MigrationsAssembly(assembly))).CreateDbContextAsync(Token);

        await context.Database.MigrateAsync(Token);
        await database.Store<TContext>().CheckTableAsync(Token);

        Assert.Contains(kind == PostgreSql ? "collation: \"C\"" : "collation: \"BINARY\"", code, StringComparison.Ordinal);
        Assert.False(context.Database.HasPendingModelChanges());
        Assert.NotEmpty((await EnrolledUser.EnrollAsync(database.Store<TContext>())).RecoveryCode);
    }

    /// <summary>An application's own context, which has another table too.</summary>
    public sealed class ApplicationContext(DbContextOptions<ApplicationContext> options) : DbContext(options)
    {
        public DbSet<Login> Logins => Set<Login>();

        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddCallrouteMfa(Database);
    }

    public sealed class Login
    {
        public int Id { get; set; }

        public string Name { get; set; } = "";
    }
}
