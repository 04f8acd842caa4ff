using System.Transactions;
using Microsoft.EntityFrameworkCore;
using static Callroute.Mfa.EntityFrameworkCore.Tests.Database;

namespace Callroute.Mfa.EntityFrameworkCore.Tests;

/// <summary>Bar B-14: what the caller rolls back does not take a failed attempt with it.</summary>
public sealed class TransactionTests
{
    private static readonly EntityFrameworkMfaStoreOptions Impatient = new() { CommandTimeout = TimeSpan.FromSeconds(1) };

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(Database))]
    public async Task VerifyAsync_InATransactionScopeThatIsRolledBack_StillCounts(string kind)
    {
        await using var database = await WithTableAsync(kind);
        var person = new Person(database.Store());
        var (phone, _) = await person.EnrollAsync();

        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            Assert.Equal(RefusalReason.WrongCode, (await person.VerifyAsync(person.WrongCode(phone))).Reason);
            Assert.NotNull(Transaction.Current);
        }

        Assert.Equal(1, await person.FailuresAsync());
    }

    [Fact]
    public async Task VerifyAsync_BesideAContextOfTheSameScope_OnlyTheFailureStays()
    {
        await using var database = await WithTableAsync(PostgreSql);
        await database.ExecuteAsync("CREATE TABLE logins (name text NOT NULL)");
        var person = new Person(database.Store());
        var (phone, _) = await person.EnrollAsync();

        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            await database.ExecuteAsync("INSERT INTO logins VALUES ('alice')");
            await person.VerifyAsync(person.WrongCode(phone));
        }

        Assert.Empty(await database.QueryAsync("SELECT name FROM logins"));
        Assert.Equal(1, await person.FailuresAsync());
    }

    [Fact]
    public async Task VerifyAsync_BesideAnOpenTransactionOfAContextThatIsRolledBack_StillCounts()
    {
        await using var database = await WithTableAsync(PostgreSql);
        await database.ExecuteAsync("CREATE TABLE logins (name text NOT NULL)");
        var person = new Person(database.Store());
        var (phone, _) = await person.EnrollAsync();
        await using var callers = await database.Factory<MfaDbContext>().CreateDbContextAsync(Token);

        await using (await callers.Database.BeginTransactionAsync(System.Data.IsolationLevel.Serializable, Token))
        {
            await callers.Database.ExecuteSqlRawAsync("INSERT INTO logins VALUES ('alice')", Token);
            Assert.Equal(RefusalReason.WrongCode, (await person.VerifyAsync(person.WrongCode(phone))).Reason);
        }

        Assert.Empty(await database.QueryAsync("SELECT name FROM logins"));
        Assert.Equal(1, await person.FailuresAsync());
    }

    [Fact]
    public async Task VerifyAsync_WhereTheCallerHoldsTheLockOfSqlite_IsUnavailableAndNothingIsVerified()
    {
        await using var database = await WithTableAsync(Sqlite);
        var person = new Person(new EntityFrameworkMfaStore<MfaDbContext>(database.Factory<MfaDbContext>(), Impatient));
        var (phone, _) = await person.EnrollAsync();
        await using var callers = await database.Factory<MfaDbContext>().CreateDbContextAsync(Token);

        VerificationResult right, wrong;
        await using (await callers.Database.BeginTransactionAsync(Token))
        {
            right = await person.VerifyAsync(phone.GetCode());
            wrong = await person.VerifyAsync(person.WrongCode(phone));
        }

        Assert.Equal((RefusalReason.Unavailable, RefusalReason.Unavailable), (right.Reason, wrong.Reason));
        Assert.True((await person.VerifyAsync(phone.GetCode())).Succeeded);
        Assert.Equal(0, await person.FailuresAsync());
    }

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(Database))]
    public async Task ScanAsync_InATransactionScope_LeavesTheScopeAsItWas(string kind)
    {
        await using var database = await WithTableAsync(kind);
        var person = new Person(database.Store());
        await person.EnrollAsync();
        var listed = 0;

        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            var ambient = Transaction.Current;
            await foreach (var _ in database.Store().ScanAsync(Token))
            {
                listed++;
                Assert.Same(ambient, Transaction.Current);
            }
        }

        Assert.Equal(1, listed);
    }

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(Database))]
    public async Task FindAsync_ContextInsideATransaction_IsRefusedWithTheRemedy(string kind)
    {
        await using var database = await WithTableAsync(kind);
        var store = new EntityFrameworkMfaStore<MfaDbContext>(new SharingFactory(database, context => context.Database.BeginTransaction()));

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await store.FindAsync(new MfaSubject("Ann"), Token));

        Assert.Contains("inside a transaction", refused.Message, StringComparison.Ordinal);
        Assert.Contains("not an open connection", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds), MemberType = typeof(Database))]
    public async Task VerifyAsync_ContextOnAConnectionThatIsOpenAlready_IsUnavailable(string kind)
    {
        await using var database = await WithTableAsync(kind);
        var sharing = new EntityFrameworkMfaStore<MfaDbContext>(new SharingFactory(database, context => context.Database.OpenConnection()));
        var person = new Person(database.Store());
        var (phone, _) = await person.EnrollAsync();

        var result = await person.VerifyAsync(person.ServiceOn(sharing), phone.GetCode());

        Assert.Equal(RefusalReason.Unavailable, result.Reason);
        Assert.Contains("open already", Assert.IsType<InvalidOperationException>(result.Cause).Message, StringComparison.Ordinal);
    }

    /// <summary>Does something to every context that it gives out.</summary>
    private sealed class SharingFactory(Database database, Action<MfaDbContext> prepare) : IDbContextFactory<MfaDbContext>
    {
        public MfaDbContext CreateDbContext()
        {
            var context = new MfaDbContext(database.Options<MfaDbContext>());
            prepare(context);
            return context;
        }
    }
}
