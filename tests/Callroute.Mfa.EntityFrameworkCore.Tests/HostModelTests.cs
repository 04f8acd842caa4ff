using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using static Callroute.Mfa.EntityFrameworkCore.Tests.Database;

namespace Callroute.Mfa.EntityFrameworkCore.Tests;

/// <summary>The habits of an application's own context change nothing.</summary>
public sealed class HostModelTests
{
    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(Database))]
    public async Task Store_ContextWithSchemaFiltersAndConventions_KeepsItsPromises(string kind)
    {
        await using var database = await NewAsync(kind);
        await database.CreateTableAsync<HostileContext>();

        await SignsInOnceAsync(database.Store<HostileContext>());

        var table = kind == Sqlite ? "callroute_mfa" : "app.callroute_mfa";
        Assert.Equal(["1"], await database.QueryAsync($"""SELECT CAST(COUNT(*) AS text) AS "Value" FROM {table}"""));
    }

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(Database))]
    public async Task FindAsync_ContextThatComparesTextWithoutCase_TellsAnnFromAnn(string kind)
    {
        await using var database = await NewAsync(kind);
        await database.CreateTableAsync<HostileContext>();
        var store = database.Store<HostileContext>();
        var ann = new MfaSubject("Ann ", "T");

        var written = await store.TryWriteAsync(ann, new byte[] { 1 }, Guid.NewGuid(), null, Token);
        MfaSubject[] others = [new("ann ", "T"), new("Ann", "T"), new("Ann ", "t"), new("Ann ")];

        Assert.True(written);
        Assert.NotNull(await store.FindAsync(ann, Token));
        foreach (var other in others)
        {
            Assert.Null(await store.FindAsync(other, Token));
            Assert.True(await store.TryWriteAsync(other, new byte[] { 2 }, Guid.NewGuid(), null, Token));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(Database))]
    public async Task Store_ContextWithProxiesAndSnakeCase_KeepsItsPromises(string kind)
    {
        await using var database = await NewAsync(kind);
        static void Habits(DbContextOptionsBuilder builder) => builder.UseLazyLoadingProxies().UseChangeTrackingProxies().UseUpperSnakeCaseNamingConvention().UseQueryTrackingBehavior(QueryTrackingBehavior.TrackAll);
        await using (var context = new MfaDbContext(database.Options<MfaDbContext>(Habits)))
        {
            await context.Database.EnsureCreatedAsync(Token);
        }

        await SignsInOnceAsync(database.Store<MfaDbContext>(Habits));
        await SignsInOnceAsync(database.Store());
    }

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(Database))]
    public async Task Store_TableAndColumnsRenamed_UsesTheNamesOfTheModel(string kind)
    {
        await using var database = await NewAsync(kind);
        await database.CreateTableAsync<RenamingContext>();

        await SignsInOnceAsync(database.Store<RenamingContext>());

        Assert.Equal(["1"], await database.QueryAsync("""SELECT CAST(COUNT("Who""s") AS text) AS "Value" FROM "MFA {{records}}" """));
    }

    private static async Task SignsInOnceAsync(Storage.IMfaStore store)
    {
        var person = new Person(store);
        var (phone, codes) = await person.EnrollAsync();

        var first = await person.VerifyAsync(phone.GetCode());
        var second = await person.VerifyAsync(phone.GetCode());
        var recovered = await person.VerifyAsync(codes.Reveal()[0]);

        Assert.True(first.Succeeded, first.ToString());
        Assert.Equal(RefusalReason.Replayed, second.Reason);
        Assert.True(recovered.Succeeded, recovered.ToString());
    }

    /// <summary>Everything that a context can do to its entities: a default schema, a filter that hides all rows, converters, short columns, a collation, and no saving.</summary>
    private sealed class HostileContext(DbContextOptions<HostileContext> options) : DbContext(options)
    {
        public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default) => throw new InvalidOperationException("Nothing may be saved.");

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
