using System.Data.Common;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using static Callroute.Mfa.EntityFrameworkCore.Tests.Database;

namespace Callroute.Mfa.EntityFrameworkCore.Tests;

public sealed class EntityFrameworkMfaStoreTests
{
    private static readonly MfaSubject Ann = new("Ann");

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(Database))]
    public async Task TryWriteAsync_Create_IsReadBackAndWinsOnce(string kind)
    {
        await using var database = await WithTableAsync(kind);
        var store = database.Store();
        var version = Guid.NewGuid();

        var first = await store.TryWriteAsync(Ann, Bytes("1"), version, null, Token);
        var second = await store.TryWriteAsync(Ann, Bytes("2"), Guid.NewGuid(), null, Token);

        Assert.Equal((true, false), (first, second));
        var found = await store.FindAsync(Ann, Token);
        Assert.Equal(version, found!.Version);
        Assert.Equal(Bytes("1"), found.Document.ToArray());
    }

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(Database))]
    public async Task TryWriteAsync_Replace_WinsOnlyFromTheExpectedVersion(string kind)
    {
        await using var database = await WithTableAsync(kind);
        var store = database.Store();
        var (v1, v2) = (Guid.NewGuid(), Guid.NewGuid());
        await store.TryWriteAsync(Ann, Bytes("1"), v1, null, Token);

        var won = await store.TryWriteAsync(Ann, Bytes("2"), v2, v1, Token);
        var stale = await store.TryWriteAsync(Ann, Bytes("3"), Guid.NewGuid(), v1, Token);

        Assert.Equal((true, false), (won, stale));
        Assert.Equal(Bytes("2"), (await store.FindAsync(Ann, Token))!.Document.ToArray());
    }

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(Database))]
    public async Task TryDeleteAsync_ExpectedVersion_DeletesOnce(string kind)
    {
        await using var database = await WithTableAsync(kind);
        var store = database.Store();
        var version = Guid.NewGuid();
        await store.TryWriteAsync(Ann, Bytes("1"), version, null, Token);

        var stale = await store.TryDeleteAsync(Ann, Guid.NewGuid(), Token);
        var won = await store.TryDeleteAsync(Ann, version, Token);
        var again = await store.TryDeleteAsync(Ann, version, Token);

        Assert.Equal((false, true, false), (stale, won, again));
        Assert.Null(await store.FindAsync(Ann, Token));
    }

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(Database))]
    public async Task ScanAsync_MoreThanAPageOfSeveralTenants_ListsEachOnce(string kind)
    {
        await using var database = await WithTableAsync(kind);
        var store = database.Store();
        var subjects = Enumerable.Range(0, 1203).Select(i => i % 401 == 0 ? new MfaSubject($"only-{i}", $"tenant-{i}") : new MfaSubject($"user-{i}", i < 700 ? null : "Zoë")).ToHashSet();
        await InsertAsync(database, subjects);

        var listed = new List<MfaSubject>();
        await foreach (var subject in store.ScanAsync(Token))
        {
            listed.Add(subject);
        }

        Assert.Equal(subjects.Count, listed.Count);
        Assert.Equal(subjects, listed.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(Database))]
    public async Task ScanAsync_WritesAndDeletesBetweenPages_AreNotBlocked(string kind)
    {
        await using var database = await WithTableAsync(kind);
        var store = database.Store();
        await InsertAsync(database, Enumerable.Range(0, 600).Select(i => new MfaSubject($"user-{i:D3}")));
        var deleted = 0;

        await foreach (var subject in store.ScanAsync(Token))
        {
            var stored = await store.FindAsync(subject, Token);
            deleted += await store.TryDeleteAsync(subject, stored!.Version, Token) ? 1 : 0;
        }

        Assert.Equal(600, deleted);
    }

    [Fact]
    public async Task FindAsync_ContextsOfSeveralModels_EachHasItsOwnQuery()
    {
        await using var sqlite = await WithTableAsync(Sqlite);
        await using var other = await WithTableAsync(Sqlite);
        var factory = new TurningFactory(sqlite.Options<MfaDbContext>(), other.Options<MfaDbContext>(builder => builder.EnableServiceProviderCaching(false)));
        var store = new EntityFrameworkMfaStore<MfaDbContext>(factory);

        var written = await store.TryWriteAsync(Ann, Bytes("1"), Guid.NewGuid(), null, Token);
        var inTheOther = await store.FindAsync(Ann, Token);
        var inTheFirst = await store.FindAsync(Ann, Token);

        Assert.True(written);
        Assert.Null(inTheOther);
        Assert.NotNull(inTheFirst);
    }

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(Database))]
    public async Task Store_EveryStatement_HasTheTimeOutOfTheOptions(string kind)
    {
        await using var database = await WithTableAsync(kind);
        var seen = new TimeOuts();
        var factory = database.Factory<MfaDbContext>(builder => builder.AddInterceptors(seen));
        var store = new EntityFrameworkMfaStore<MfaDbContext>(factory, new EntityFrameworkMfaStoreOptions { CommandTimeout = TimeSpan.FromSeconds(7) });
        var (v1, v2) = (Guid.NewGuid(), Guid.NewGuid());

        await store.TryWriteAsync(Ann, Bytes("1"), v1, null, Token);
        await store.TryWriteAsync(Ann, Bytes("2"), v2, v1, Token);
        await store.FindAsync(Ann, Token);
        await store.TryDeleteAsync(Ann, v2, Token);

        Assert.Equal([7, 7, 7, 7], seen.Seconds);
    }

    [Fact]
    public async Task FindAsync_SubjectIsTheDefault_Throws()
    {
        await using var database = await WithTableAsync(Sqlite);

        await Assert.ThrowsAsync<ArgumentException>("subject", async () => await database.Store().FindAsync(default, Token));
    }

    [Fact]
    public void Constructor_WithoutAFactory_Throws() =>
        Assert.Throws<ArgumentNullException>("contexts", () => new EntityFrameworkMfaStore<MfaDbContext>(null!));

    private static async Task InsertAsync(Database database, IEnumerable<MfaSubject> subjects)
    {
        await using var context = new MfaDbContext(database.Options<MfaDbContext>());
        context.AddRange(subjects.Select(s => new MfaRecordRow { Tenant = s.Tenant ?? "", UserId = s.UserId, Version = Guid.NewGuid().ToString("N"), Document = Bytes("{}") }));
        await context.SaveChangesAsync(Token);
    }

    private sealed class TimeOuts : DbCommandInterceptor
    {
        public List<int> Seconds { get; } = [];

        public override DbCommand CommandInitialized(CommandEndEventData eventData, DbCommand result)
        {
            Seconds.Add(result.CommandTimeout);
            return result;
        }
    }

    /// <summary>Gives contexts of two databases in turn.</summary>
    private sealed class TurningFactory(params DbContextOptions<MfaDbContext>[] options) : IDbContextFactory<MfaDbContext>
    {
        private int _calls;

        public MfaDbContext CreateDbContext() => new(options[_calls++ % options.Length]);
    }
}
