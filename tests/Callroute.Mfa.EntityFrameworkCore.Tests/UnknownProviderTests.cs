using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using static Callroute.Mfa.EntityFrameworkCore.Tests.Database;

namespace Callroute.Mfa.EntityFrameworkCore.Tests;

/// <summary>A provider that the package has never heard of, here SQLite's under another name: ids are bytes, and an insert is plain.</summary>
public sealed class UnknownProviderTests
{
    [Fact]
    public async Task Store_OnAnUnknownProvider_SwapsAndScans()
    {
        await using var database = await NewAsync(Sqlite);
        var store = await StoreAsync(database);
        MfaSubject[] subjects = [new("Ann"), new("ann"), new("Zoë", "T"), new("Zoë")];
        var version = Guid.NewGuid();

        foreach (var subject in subjects)
        {
            Assert.True(await store.TryWriteAsync(subject, new byte[] { 1 }, version, null, Token));
            Assert.False(await store.TryWriteAsync(subject, new byte[] { 2 }, Guid.NewGuid(), null, Token));
        }

        Assert.Equal(subjects.ToHashSet(), await ScanAsync(store));
        Assert.True(await store.TryDeleteAsync(subjects[0], version, Token));
        Assert.Equal(subjects[1..].ToHashSet(), await ScanAsync(store));
        Assert.Equal(["blob"], (await database.QueryAsync("""SELECT typeof(user_id) AS "Value" FROM callroute_mfa""")).Distinct());
    }

    [Fact]
    public async Task TryWriteAsync_InsertFailsForAnotherReason_Throws()
    {
        await using var database = await NewAsync(Sqlite);
        var store = await StoreAsync(database);
        await database.ExecuteAsync("CREATE TRIGGER refuse BEFORE INSERT ON callroute_mfa BEGIN SELECT RAISE(ABORT, 'no'); END");

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(async () => await store.TryWriteAsync(new MfaSubject("Ann"), new byte[] { 1 }, Guid.NewGuid(), null, Token));
    }

    private static async Task<EntityFrameworkMfaStore<MfaDbContext>> StoreAsync(Database database)
    {
        static void Rename(DbContextOptionsBuilder builder) => builder.ReplaceService<IDatabaseProvider, UnheardOf>();
        await using var context = new MfaDbContext(database.Options<MfaDbContext>(Rename));
        Assert.Equal(UnheardOf.ProviderName, context.Database.ProviderName);
        await context.Database.EnsureCreatedAsync(Token);
        return database.Store<MfaDbContext>(Rename);
    }

    private static async Task<HashSet<MfaSubject>> ScanAsync(EntityFrameworkMfaStore<MfaDbContext> store)
    {
        var listed = new HashSet<MfaSubject>();
        await foreach (var subject in store.ScanAsync(Token))
        {
            Assert.True(listed.Add(subject));
        }

        return listed;
    }

    private sealed class UnheardOf : IDatabaseProvider
    {
        public const string ProviderName = "Example.EntityFrameworkCore.Unheard";

        public string Name => ProviderName;

        public string Version => "1.0";

        public bool IsConfigured(IDbContextOptions options) => true;
    }
}
