using Callroute.Mfa.Provisioning;
using Callroute.Mfa.Recovery;
using Callroute.Mfa.Secrets;
using Callroute.Mfa.Storage;
using Callroute.Mfa.TestServers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Callroute.Mfa.EntityFrameworkCore.Tests;

/// <summary>
/// A faulty database gives a clear message, and no user is verified. The store works again when the database is repaired.
/// </summary>
public sealed class FailureTests
{
    private const string Password = "canary-password-7f3a";

    private static readonly MfaSubject Ann = new("Ann");

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(DatabaseContexts))]
    public async Task CheckTableAsync_TableIsThere_WritesNothing(string kind)
    {
        await using var database = await WithTableAsync(kind);

        await database.Store().CheckTableAsync(Token);

        Assert.Empty(await database.QueryAsync("SELECT user_id FROM callroute_mfa"));
    }

    [Theory]
    [InlineData(Sqlite, "TO elsewhere", "elsewhere RENAME TO callroute_mfa", "is missing")]
    [InlineData(Sqlite, "COLUMN version TO old", "callroute_mfa RENAME COLUMN old TO version", "lacks one of the columns")]
    [InlineData(PostgreSql, "TO elsewhere", "elsewhere RENAME TO callroute_mfa", "is missing")]
    [InlineData(PostgreSql, "COLUMN version TO old", "callroute_mfa RENAME COLUMN old TO version", "lacks one of the columns")]
    public async Task Store_TableOrColumnRenamed_IsAClearErrorUntilItIsMended(string kind, string renaming, string mending, string says)
    {
        await using var database = await WithTableAsync(kind);
        var store = database.Store();
        var user = await EnrolledUser.EnrollAsync(store);

        await database.ExecuteAsync($"ALTER TABLE callroute_mfa RENAME {renaming}");
        var atTheStart = await Assert.ThrowsAsync<InvalidOperationException>(() => store.CheckTableAsync(Token));
        var broken = await user.VerifyAsync(user.Code);
        await database.ExecuteAsync($"ALTER TABLE {mending}");
        await store.CheckTableAsync(Token);
        var mended = await user.VerifyAsync(user.Code);

        Assert.StartsWith($"The table 'callroute_mfa' {says}", atTheStart.Message, StringComparison.Ordinal);
        Assert.Equal(RefusalReason.Unavailable, broken.Reason);
        Assert.True(mended.Succeeded, mended.ToString());
    }

    [Theory]
    [InlineData(Sqlite, "BLOB")]
    [InlineData(PostgreSql, "bytea")]
    public async Task TryWriteAsync_TableWithoutAKey_CreatesNothing(string kind, string bytes)
    {
        await using var database = await NewAsync(kind);
        await database.ExecuteAsync(
            $"CREATE TABLE callroute_mfa (tenant text NOT NULL, user_id text NOT NULL, version text NOT NULL, document {bytes} NOT NULL)");

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(
            async () => await database.Store().TryWriteAsync(Ann, new byte[] { 1 }, Guid.NewGuid(), null, Token));

        Assert.Null(await database.Store().FindAsync(Ann, Token));
    }

    [Theory]
    [InlineData(Sqlite, "Data Source=/nowhere/at/all/mfa.db;Mode=ReadWrite;Password=" + Password, "file cannot be opened")]
    [InlineData(PostgreSql, "Host=127.0.0.1;Port=1;Username=nobody;Timeout=1;Password=" + Password, "cannot be used")]
    public async Task Store_BadConnectionString_IsAClearErrorWithoutThePassword(string kind, string connectionString, string says)
    {
        var factory = new PooledDbContextFactory<MfaDbContext>(Options<MfaDbContext>(kind, connectionString));
        var store = new EntityFrameworkMfaStore<MfaDbContext>(factory);
        var mfa = TestService.Create(store);

        var atTheStart = await Assert.ThrowsAsync<InvalidOperationException>(() => store.CheckTableAsync(Token));
        var result = await mfa.VerifyAsync(Ann, "123456", mfa.BeginAttempt(), cancellationToken: Token);

        Assert.Contains(says, atTheStart.Message, StringComparison.Ordinal);
        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.DoesNotContain(Password, atTheStart.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Password, result.Cause!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_ModelWithoutTheTable_IsRefusedWithTheRemedy()
    {
        var factory = new PooledDbContextFactory<UnmappedContext>(Options<UnmappedContext>(Sqlite, "Data Source=:memory:"));
        var store = new EntityFrameworkMfaStore<UnmappedContext>(factory);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await store.FindAsync(Ann, Token));

        Assert.Contains("AddCallrouteMfa(Database)", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(";Options=-c default_transaction_read_only=on", "The database is read-only")]
    [InlineData(";Options=-c synchronous_commit=off", "synchronous_commit is off")]
    public async Task CheckTableAsync_ServerThatDoesNotKeepWrites_IsRefusedWithTheRemedy(string settings, string says)
    {
        await using var database = await WithTableAsync(PostgreSql);
        var factory = new PooledDbContextFactory<MfaDbContext>(Options<MfaDbContext>(PostgreSql, database.ConnectionString + settings));

        var refused = await Assert.ThrowsAnyAsync<Exception>(
            () => new EntityFrameworkMfaStore<MfaDbContext>(factory).CheckTableAsync(Token));

        Assert.StartsWith(says, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UseEntityFramework_NoContext_NamesTheCallToAdd()
    {
        using var provider = new ServiceCollection().BuildServiceProvider();
        var builder = new StoreBuilder();
        builder.UseEntityFramework<MfaDbContext>();

        var refused = Assert.Throws<InvalidOperationException>(() => builder.Create(provider));

        Assert.Contains("Call AddDbContext<MfaDbContext>", refused.Message, StringComparison.Ordinal);
    }

    private sealed class StoreBuilder : IMfaBuilder
    {
        public Func<IServiceProvider, IMfaStore> Create { get; private set; } = null!;

        public IMfaBuilder UseStore(Func<IServiceProvider, IMfaStore> create)
        {
            Create = create;
            return this;
        }

        public IMfaBuilder UseProtector(Func<IServiceProvider, ISecretProtector> create) => throw new NotSupportedException();

        public IMfaBuilder UseHasher(Func<IServiceProvider, IRecoveryCodeHasher> create) => throw new NotSupportedException();

        public IMfaBuilder UseQrCodeRenderer(Func<IServiceProvider, IQrCodeRenderer> create) => throw new NotSupportedException();
    }

    /// <summary>A context whose model lacks the table.</summary>
    private sealed class UnmappedContext(DbContextOptions<UnmappedContext> options) : DbContext(options);
}
