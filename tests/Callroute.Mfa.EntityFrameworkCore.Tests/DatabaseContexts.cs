using Callroute.Mfa.Storage;
using Callroute.Mfa.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Callroute.Mfa.EntityFrameworkCore.Tests;

/// <summary>Contexts and stores of EF on a database.</summary>
internal static class DatabaseContexts
{
    /// <summary>The engines that the tests of the store run on.</summary>
    public static TheoryData<string> Kinds => [Sqlite, PostgreSql];

    public static async Task<Database> WithTableAsync(string kind)
    {
        var database = await NewAsync(kind);
        await database.CreateTableAsync<MfaDbContext>();
        return database;
    }

    public static async Task CreateTableAsync<TContext>(this Database database, Action<DbContextOptionsBuilder>? configure = null)
        where TContext : DbContext
    {
        await using var context = await database.Factory<TContext>(configure).CreateDbContextAsync(Token);
        await context.Database.EnsureCreatedAsync(Token);
    }

    /// <summary>A pooled factory, as <c>AddPooledDbContextFactory</c> registers it.</summary>
    public static IDbContextFactory<TContext> Factory<TContext>(this Database database, Action<DbContextOptionsBuilder>? configure = null)
        where TContext : DbContext => new PooledDbContextFactory<TContext>(database.Options<TContext>(configure));

    public static EntityFrameworkMfaStore<TContext> Store<TContext>(
        this Database database, Action<DbContextOptionsBuilder>? configure = null)
        where TContext : DbContext => new(database.Factory<TContext>(configure));

    public static EntityFrameworkMfaStore<MfaDbContext> Store(this Database database, Action<DbContextOptionsBuilder>? configure = null) =>
        database.Store<MfaDbContext>(configure);

    public static DbContextOptions<TContext> Options<TContext>(this Database database, Action<DbContextOptionsBuilder>? configure = null)
        where TContext : DbContext => Options<TContext>(database.Engine, database.ConnectionString, configure);

    public static DbContextOptions<TContext> Options<TContext>(
        string kind, string connectionString, Action<DbContextOptionsBuilder>? configure = null)
        where TContext : DbContext
    {
        var builder = new DbContextOptionsBuilder<TContext>();
        _ = kind == Sqlite ? builder.UseSqlite(connectionString) : builder.UseNpgsql(connectionString);
        configure?.Invoke(builder);
        return builder.Options;
    }

    /// <summary>Runs the cases of the conformance kit that a model or a provider can break; the others are about load.</summary>
    public static async Task ConformsAsync(Func<IMfaStore> open)
    {
        string[] cases =
        [
            "Create_Existing_ChangesNothing", "Replace_StaleVersion_ChangesNothing", "Delete_Twice_IsTrueOnce",
            "Document_EveryByte_ReadsBack", "Subject_Case_Distinguishes", "Subject_Blanks_Distinguish",
            "Subject_Tenant_IsAPartOfItsOwn", "Subject_FourHundredCharacters_AreKeptWhole", "Scan_OddSubjects_AreListedAsGiven",
        ];
        foreach (var name in cases)
        {
            await StoreConformance.Find(name).RunAsync(_ => new(open()), Token);
        }
    }
}
