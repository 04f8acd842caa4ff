using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Callroute.Mfa.EntityFrameworkCore.Tests;

/// <summary>
/// A provider that the package does not know, here SQLite's under another name. Ids are bytes, and an insert has no special clause.
/// </summary>
public sealed class UnknownProviderTests
{
    [Fact]
    public async Task Store_OnAnUnknownProvider_Conforms()
    {
        await using var database = await WithTableOfUnheardOfAsync();

        await ConformsAsync(() => database.Store(Rename));

        Assert.Equal(["blob"], (await database.QueryAsync("SELECT typeof(user_id) FROM callroute_mfa")).Distinct());
    }

    [Fact]
    public async Task TryWriteAsync_InsertFailsForAnotherReason_Throws()
    {
        await using var database = await WithTableOfUnheardOfAsync();
        await database.ExecuteAsync("CREATE TRIGGER refuse BEFORE INSERT ON callroute_mfa BEGIN SELECT RAISE(ABORT, 'no'); END");

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(
            async () => await database.Store(Rename).TryWriteAsync(new MfaSubject("Ann"), new byte[] { 1 }, Guid.NewGuid(), null, Token));
    }

    private static async Task<Callroute.Mfa.Tests.Database> WithTableOfUnheardOfAsync()
    {
        var database = await NewAsync(Sqlite);
        await using var context = new MfaDbContext(database.Options<MfaDbContext>(Rename));
        Assert.Equal(UnheardOf.ProviderName, context.Database.ProviderName);
        await context.Database.EnsureCreatedAsync(Token);
        return database;
    }

    private static void Rename(DbContextOptionsBuilder builder) => builder.ReplaceService<IDatabaseProvider, UnheardOf>();

    private sealed class UnheardOf : IDatabaseProvider
    {
        public const string ProviderName = "Example.EntityFrameworkCore.Unheard";

        public string Name => ProviderName;

        public string Version => "1.0";

        public bool IsConfigured(IDbContextOptions options) => true;
    }
}
