using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Callroute.Mfa.EntityFrameworkCore.Tests;

/// <summary>The effect of contexts on the store. Callroute.Mfa.Stores.Tests tests the guarantees of the store.</summary>
public sealed class EntityFrameworkMfaStoreTests
{
    private static readonly MfaSubject Ann = new("Ann");

    [Fact]
    public async Task FindAsync_ContextsOfSeveralModels_EachHasItsOwnQuery()
    {
        await using var sqlite = await WithTableAsync(Sqlite);
        await using var other = await WithTableAsync(Sqlite);
        var factory = new TurningFactory(
            sqlite.Options<MfaDbContext>(), other.Options<MfaDbContext>(builder => builder.EnableServiceProviderCaching(false)));
        var store = new EntityFrameworkMfaStore<MfaDbContext>(factory);

        var written = await store.TryWriteAsync(Ann, new byte[] { 1 }, Guid.NewGuid(), null, Token);
        var inTheOther = await store.FindAsync(Ann, Token);
        var inTheFirst = await store.FindAsync(Ann, Token);

        Assert.True(written);
        Assert.Null(inTheOther);
        Assert.NotNull(inTheFirst);
    }

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(DatabaseContexts))]
    public async Task Store_EveryStatement_HasTheTimeOutOfTheOptions(string kind)
    {
        await using var database = await WithTableAsync(kind);
        var seen = new TimeOuts();
        var factory = database.Factory<MfaDbContext>(builder => builder.AddInterceptors(seen));
        var options = new EntityFrameworkMfaStoreOptions { CommandTimeout = TimeSpan.FromSeconds(7) };
        var (store, v1, v2) = (new EntityFrameworkMfaStore<MfaDbContext>(factory, options), Guid.NewGuid(), Guid.NewGuid());

        await store.TryWriteAsync(Ann, new byte[] { 1 }, v1, null, Token);
        await store.TryWriteAsync(Ann, new byte[] { 2 }, v2, v1, Token);
        await store.FindAsync(Ann, Token);
        await store.TryDeleteAsync(Ann, v2, Token);

        Assert.Equal([7, 7, 7, 7], seen.Seconds);
    }

    [Fact]
    public void Constructor_WithoutAFactory_Throws() =>
        Assert.Throws<ArgumentNullException>("contexts", () => new EntityFrameworkMfaStore<MfaDbContext>(null!));

    private sealed class TimeOuts : DbCommandInterceptor
    {
        public List<int> Seconds { get; } = [];

        public override DbCommand CommandInitialized(CommandEndEventData eventData, DbCommand result)
        {
            Seconds.Add(result.CommandTimeout);
            return result;
        }
    }

    /// <summary>Returns contexts of two databases in turn.</summary>
    private sealed class TurningFactory(params DbContextOptions<MfaDbContext>[] options) : IDbContextFactory<MfaDbContext>
    {
        private int _calls;

        public MfaDbContext CreateDbContext() => new(options[_calls++ % options.Length]);
    }
}
