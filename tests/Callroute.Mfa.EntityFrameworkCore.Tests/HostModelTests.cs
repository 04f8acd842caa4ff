using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Callroute.Mfa.EntityFrameworkCore.Tests;

/// <summary>The conventions of an application's own context have no effect on the table.</summary>
public sealed class HostModelTests
{
    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(DatabaseContexts))]
    public async Task Store_ContextWithSchemaFiltersAndConventions_ConformsInItsTable(string kind)
    {
        await using var database = await NewAsync(kind);
        await database.CreateTableAsync<HostileContext>();

        await ConformsAsync(() => database.Store<HostileContext>());

        Assert.NotEmpty(await database.QueryAsync($"SELECT version FROM {(kind == Sqlite ? "callroute_mfa" : "app.callroute_mfa")}"));
    }

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(DatabaseContexts))]
    public async Task Store_ContextWithProxiesAndSnakeCase_UsesTheSameTable(string kind)
    {
        static void Habits(DbContextOptionsBuilder builder) => builder
            .UseLazyLoadingProxies().UseChangeTrackingProxies()
            .UseUpperSnakeCaseNamingConvention().UseQueryTrackingBehavior(QueryTrackingBehavior.TrackAll);
        await using var database = await NewAsync(kind);
        await database.CreateTableAsync<MfaDbContext>(Habits);

        await ConformsAsync(() => database.Store(Habits));
        await ConformsAsync(() => database.Store());
    }

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(DatabaseContexts))]
    public async Task Store_TableAndColumnsRenamed_UsesTheNamesOfTheModel(string kind)
    {
        await using var database = await NewAsync(kind);
        await database.CreateTableAsync<RenamingContext>();

        await ConformsAsync(() => database.Store<RenamingContext>());

        Assert.NotEmpty(await database.QueryAsync("""SELECT "Who""s" FROM "MFA {records}" """));
    }

    /// <summary>
    /// Everything that a context can do to its entities: a default schema, a filter that hides all rows, converters, short columns, a
    /// collation, and no saving.
    /// </summary>
    private sealed class HostileContext(DbContextOptions<HostileContext> options) : DbContext(options)
    {
        public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("Nothing may be saved.");

        protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
        {
            var collation = Database.IsSqlite() ? "NOCASE" : "ignore_case";
            configurationBuilder.Properties<string>().HaveMaxLength(3).HaveConversion<TrimConverter>().UseCollation(collation);
            configurationBuilder.Properties<byte[]>().HaveMaxLength(3);
        }

        protected override void OnModelCreating(ModelBuilder modelBuilder)
        {
            modelBuilder.HasDefaultSchema(Database.IsSqlite() ? null : "app");
            modelBuilder.AddCallrouteMfa(Database);
            modelBuilder.Entity<MfaRecordRow>().HasQueryFilter(row => row.Tenant == "nobody");
        }
    }

    private sealed class TrimConverter() : ValueConverter<string, string>(text => text.Trim(), text => text.Trim());

    private sealed class RenamingContext(DbContextOptions<RenamingContext> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder)
        {
            modelBuilder.AddCallrouteMfa(Database, "MFA {records}");
            modelBuilder.Entity<MfaRecordRow>().Property(row => row.UserId).HasColumnName("Who\"s");
        }
    }
}
